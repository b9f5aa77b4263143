package io.granary.batch.compile;

import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;

/** The manifest of an installation, for the verbs that need one. */
public final class ManifestFile {
    private ManifestFile() {}

    /**
     * Reads {@code <home>/target/manifest.json}; compiles the project first when there is none, or when a file or folder
     * of the project was changed since.
     *
     * @throws GranaryException that lists everything that is wrong in the project, when it was compiled
     */
    public static Manifest readOrCompile(Path project, Home home) {
        if (!Files.isRegularFile(home.manifest()) || isChangedSince(project, home.manifest())) {
            return Compiler.compileAndWrite(project, home);
        }
        Manifest manifest = Manifest.read(home.manifest());
        String name = project.toAbsolutePath().normalize().getFileName().toString();
        return manifest.project().equals(name) ? manifest : Compiler.compileAndWrite(project, home);
    }

    /**
     * The manifest a command works with: of the project as it stands, or, where only a state folder is known, the one in it.
     */
    public static Manifest of(CommonOptions options) {
        return options.hasProject()
                ? readOrCompile(options.project(), options.home())
                : Manifest.read(options.home().manifest());
    }

    /** A folder's time tells of files that were added or taken away. */
    private static boolean isChangedSince(Path project, Path manifest) {
        try (Stream<Path> files = Files.walk(project.resolve("subjects"))) {
            FileTime written = Files.getLastModifiedTime(manifest);
            for (Path file : (Iterable<Path>) files::iterator) {
                if (Files.getLastModifiedTime(file).compareTo(written) >= 0) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    "cannot read the project in " + project + ": " + e + ". Name its folder with --project.",
                    e);
        }
    }
}
