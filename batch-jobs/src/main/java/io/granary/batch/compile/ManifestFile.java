package io.granary.batch.compile;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.manifest.Manifest;
import java.nio.file.Files;
import java.nio.file.Path;

/** The manifest of an installation, for the verbs that need one. */
public final class ManifestFile {
    private ManifestFile() {}

    /** Reads {@code <home>/target/manifest.json}; compiles the project first when there is none. */
    public static Manifest readOrCompile(Path project, Home home) {
        return Files.isRegularFile(home.manifest())
                ? Manifest.read(home.manifest())
                : Compiler.compileAndWrite(project, home);
    }
}
