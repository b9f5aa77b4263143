package io.granary.batch.env;

import io.granary.batch.compile.ManifestFile;
import io.granary.batch.run.NoSql;
import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.TableStore;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.manifest.Manifest;
import java.util.Optional;
import picocli.CommandLine.Option;

/** In which environment a command works; a mixin of each that has one. */
public final class EnvironmentOption {
    @Option(
            names = "--env",
            paramLabel = "NAME",
            defaultValue = "${env:GRANARY_ENV:-}",
            description = "Environment: models that differ from production have tables of their own in databases"
                    + " NAME__dws …, all others are read from production; prod is production itself (default:"
                    + " $GRANARY_ENV, else production)")
    private String name;

    /** Empty is production. */
    public Optional<EnvironmentName> name() {
        return name.isEmpty() || name.equals(EnvironmentName.PRODUCTION)
                ? Optional.empty()
                : Optional.of(new EnvironmentName(name));
    }

    /** As it was given, such as {@code prod}, for commands that need the name of an environment. */
    public String text() {
        return name;
    }

    /** The project as the environment sees it; asks the metastore of the profile for an environment only. */
    public EnvironmentManifest manifest(CommonOptions common) {
        return manifest(common, name());
    }

    /** As {@link #manifest(CommonOptions)}, for an environment that is named otherwise. */
    public static EnvironmentManifest manifest(CommonOptions common, Optional<EnvironmentName> environment) {
        Manifest manifest = ManifestFile.of(common);
        if (environment.isEmpty()) {
            return EnvironmentManifest.ofProduction(manifest);
        }
        try (TableStore store = HiveTableStore.open(common.profile(), new NoSql())) {
            return EnvironmentManifest.of(environment.get(), manifest, Differences.from(manifest, store)::contains);
        }
    }
}
