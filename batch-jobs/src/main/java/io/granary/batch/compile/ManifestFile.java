package io.granary.batch.compile;

import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.text.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The manifest of an installation, compiled only when it must be. */
public final class ManifestFile {
    private ManifestFile() {}

    /**
     * A manifest, and whether it had to be compiled.
     *
     * @param isNew false when nothing was changed since it was written
     */
    public record Compiled(Manifest manifest, boolean isNew) {}

    /**
     * Reads {@code <home>/target/manifest.json}; compiles the project first when there is none, or when a file of the
     * project, the compiler or the manifest itself was changed since.
     *
     * @throws GranaryException that lists everything that is wrong in the project, when it was compiled
     */
    public static Manifest readOrCompile(Path project, Home home) {
        return compile(project, home).manifest();
    }

    /**
     * The manifest a command works with: of the project as it stands, or, where only a state folder is known, the one in it.
     */
    public static Manifest of(CommonOptions options) {
        return options.hasProject()
                ? readOrCompile(options.project(), options.home())
                : Manifest.read(options.home().manifest());
    }

    /** As {@link #readOrCompile}. No class of Spark is loaded when nothing was changed. */
    public static Compiled compile(Path project, Home home) {
        String inputs = ProjectHash.of(project);
        Path stamp = home.target().resolve("manifest.inputs");
        Optional<Manifest> unchanged = unchanged(home, stamp, inputs);
        if (unchanged.isPresent()) {
            return new Compiled(unchanged.get(), false);
        }
        Manifest manifest = Compiler.compileAndWrite(project, home);
        try {
            Files.writeString(stamp, stamp(inputs, Files.readString(home.manifest())));
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot write " + stamp + ": " + e, e);
        }
        return new Compiled(manifest, true);
    }

    private static Optional<Manifest> unchanged(Home home, Path stamp, String inputs) {
        if (!Files.isRegularFile(home.manifest()) || !Files.isRegularFile(stamp)) {
            return Optional.empty();
        }
        try {
            String json = Files.readString(home.manifest());
            boolean same = Files.readString(stamp).equals(stamp(inputs, json));
            return same ? Optional.of(Manifest.fromJson(json, home.manifest().toString())) : Optional.empty();
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot read " + home.manifest() + ": " + e, e);
        }
    }

    /** Ties the manifest to what it was made from. */
    private static String stamp(String inputs, String json) {
        return inputs + "\n" + Digests.sha256(json) + "\n";
    }
}
