package io.granary.cli.docs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Files of the project as they stand.
 *
 * @param root null when only a manifest is known
 */
record ProjectText(Path root) {

    /** A file's text; nothing when it is not there, or not inside the project. */
    Optional<String> text(String file) {
        if (root == null) {
            return Optional.empty();
        }
        Path inside = root.toAbsolutePath().normalize();
        Path path = inside.resolve(file).normalize();
        if (!path.startsWith(inside) || !Files.isRegularFile(path)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new String(Files.readAllBytes(path), StandardCharsets.UTF_8).replace("\r\n", "\n"));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
