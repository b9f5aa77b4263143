package io.granary.ingestion.flume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are on the disk when a call returns. */
public final class DurableFiles {
    private DurableFiles() {}

    /** Writes a file whole: a reader finds the old one or the new one. */
    public static void replace(Path file, byte[] content) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (FileChannel out = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            write(out, 0, content);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceFolder(file.getParent());
    }

    /** Writes bytes at an offset and ends the file there. */
    public static void write(FileChannel out, long offset, byte[] content) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        long at = offset;
        while (bytes.hasRemaining()) {
            at += out.write(bytes, at);
        }
        out.truncate(at);
        out.force(true);
    }

    /** What was made, renamed or removed in a folder stays so. */
    public static void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
