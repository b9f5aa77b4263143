package io.granary.simulator;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A log file as a server keeps it: appended to, and renamed when it is rotated. */
final class LogFile implements AutoCloseable {
    private final Path path;
    private OutputStream out;

    LogFile(Path path) throws IOException {
        this.path = path;
        Files.createDirectories(path.getParent());
        this.out = open();
    }

    void write(String lines) throws IOException {
        out.write(lines.getBytes(StandardCharsets.UTF_8));
    }

    /** Renames the file to {@code <name>.<suffix>} and begins a new one under the old name. */
    void rotate(String suffix) throws IOException {
        out.close();
        Files.move(path, path.resolveSibling(path.getFileName() + "." + suffix));
        out = open();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    private OutputStream open() throws IOException {
        return Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
