package io.granary.cluster;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The output of a component, over all its starts. */
record LogFile(Path path) {
    private static final long LARGE = 64L << 20;
    private static final int TAIL = 256 << 10;

    /** Marks a new start, sets a large file aside first, and gives the place where the new start's output begins. */
    long begin(String headline) {
        try {
            Files.createDirectories(path.getParent());
            if (Files.exists(path) && Files.size(path) > LARGE) {
                Files.move(path, path.resolveSibling(path.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
            Files.writeString(path, headline + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return Files.size(path);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot write " + path + ": " + e, e);
        }
    }

    /** The last lines, oldest first, of what was written from a place on; none when there is no file. */
    List<String> last(int count, long from) {
        if (!Files.exists(path)) {
            return List.of();
        }
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            long start = Math.max(from, file.length() - TAIL);
            byte[] bytes = new byte[(int) Math.max(0, file.length() - start)];
            file.seek(start);
            file.readFully(bytes);
            List<String> lines =
                    new String(bytes, StandardCharsets.UTF_8).lines().toList();
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot read " + path + ": " + e, e);
        }
    }
}
