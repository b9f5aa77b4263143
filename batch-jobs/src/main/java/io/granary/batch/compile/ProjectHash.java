package io.granary.batch.compile;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.text.Digests;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** One SHA-256 of all that decides a manifest: the project's files, by content, and the compiler. */
final class ProjectHash {
    private ProjectHash() {}

    /** @throws GranaryException when the folder is no project */
    static String of(Path project) {
        Path root = project.toAbsolutePath().normalize();
        MessageDigest digest = Digests.digest("SHA-256");
        text(digest, Manifest.VERSION + " " + root.getFileName());
        text(digest, program(ManifestFile.class));
        text(digest, program(Manifest.class));
        try (Stream<Path> tree = Files.walk(root.resolve("subjects"))) {
            List<Path> paths = tree.sorted().toList();
            for (Path path : paths) {
                text(digest, root.relativize(path).toString());
                if (Files.isRegularFile(path)) {
                    byte[] content = Files.readAllBytes(path);
                    text(digest, Integer.toString(content.length));
                    digest.update(content);
                }
            }
        } catch (IOException e) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    "cannot read the project in " + project + ": " + e + ". Name its folder with --project.",
                    e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Which build of the class's jar this is; classes in a folder are a developer's and have no build. */
    private static String program(Class<?> type) {
        try {
            Path jar = Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
            return Files.isRegularFile(jar) ? Files.size(jar) + " " + Files.getLastModifiedTime(jar) : "";
        } catch (IOException | URISyntaxException e) {
            throw new GranaryException(ErrorCode.INTERNAL, "cannot find the program of " + type + ": " + e, e);
        }
    }

    private static void text(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }
}
