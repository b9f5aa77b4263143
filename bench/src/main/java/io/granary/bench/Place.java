package io.granary.bench;

import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.SourceNode;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where a benchmark works; {@code bench/run} fills it in. */
final class Place {
    @Option(names = "--home", paramLabel = "DIR", required = true, hidden = true)
    private Path home;

    @Option(names = "--project", paramLabel = "DIR", required = true, hidden = true)
    private Path project;

    Home home() {
        return new Home(home);
    }

    /** Verbs on the reference warehouse. */
    Verbs verbs() {
        return new Verbs(CommonOptions.distribution(), home(), project);
    }

    Warehouse warehouse() {
        return new Warehouse(profile());
    }

    Profile profile() {
        return Profile.load(home().profile(), Map.of());
    }

    static SourceNode source(Manifest manifest, String id) {
        return manifest.sources().stream()
                .filter(s -> s.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    static ModelNode model(Manifest manifest, String name) {
        return manifest.models().stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
