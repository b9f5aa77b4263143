package io.granary.ingestion.upload;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.text.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * A person's file, copied, so that what was looked at is what is landed.
 *
 * @param name of the file, without its folder
 * @param content the copy
 * @param by who gives it
 */
record Given(String name, Path content, String sha256, long bytes, String by) {
    /** Copies the file into a folder of ours. */
    static Given copy(Path file, String by, Path folder) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND, file + (Files.exists(file) ? " is no plain file" : ": no such file"));
        }
        try {
            Files.createDirectories(folder);
            Path copy = Files.createTempFile(folder, "given-", ".part");
            try {
                Files.copy(file, copy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                return new Given(
                        file.getFileName().toString(), copy, Digests.of(copy, "SHA-256"), Files.size(copy), by);
            } catch (IOException | RuntimeException e) {
                Files.deleteIfExists(copy);
                throw e;
            }
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot copy " + file + " into " + folder + ": " + e, e);
        }
    }

    /** Removes the copy. */
    void discard() {
        try {
            Files.deleteIfExists(content);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot remove " + content + ": " + e, e);
        }
    }
}
