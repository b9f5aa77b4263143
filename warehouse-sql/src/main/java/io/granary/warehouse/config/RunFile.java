package io.granary.warehouse.config;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file by which a process says something of itself while it runs, such as that it is ready ({@link Home#run}). */
public record RunFile(Path path) {
    /**
     * Writes it whole: who finds the file can read the line.
     *
     * @throws GranaryException RESOURCES when it cannot be written
     */
    public void say(String line) {
        Path part = path.resolveSibling(path.getFileName() + ".part");
        try {
            Files.createDirectories(path.getParent());
            Files.writeString(part, line + "\n");
            Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot write " + path + ": " + e, e);
        }
    }

    /** Says the number of this process, which whoever waits for it looks for. */
    public void sayProcess() {
        say(Long.toString(ProcessHandle.current().pid()));
    }

    /** Takes away what this process, or one before it, has said. */
    public void end() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot delete " + path + ": " + e, e);
        }
    }
}
