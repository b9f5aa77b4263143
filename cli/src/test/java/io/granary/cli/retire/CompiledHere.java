package io.granary.cli.retire;

import io.granary.batch.compile.ManifestFile;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.manifest.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The real compiler in this process, run once for each content of a project; components are only written down. */
final class CompiledHere implements Platform {
    private static final Map<String, Manifest> COMPILED = new TreeMap<>();

    final List<String> restarted = new ArrayList<>();
    private final boolean local;

    CompiledHere(boolean local) {
        this.local = local;
    }

    @Override
    public Manifest compile(Path project, Home home) {
        Manifest manifest = COMPILED.get(content(project));
        if (manifest == null) {
            manifest = ManifestFile.compile(project, home).manifest();
            COMPILED.put(content(project), manifest);
        }
        manifest.write(home.manifest());
        return manifest;
    }

    private static String content(Path project) {
        StringBuilder content = new StringBuilder();
        try (Stream<Path> files = Files.walk(project.resolve("subjects"))) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                content.append(project.relativize(file)).append(Files.readString(file));
            }
            return content.toString();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean isLocal() {
        return local;
    }

    @Override
    public List<String> runningSince(Instant before, List<String> components) {
        return components;
    }

    @Override
    public void restart(String component) {
        restarted.add(component);
    }
}
