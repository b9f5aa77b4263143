package io.granary.batch.seal;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps a second seal of a source away while one runs; the system frees it when the process dies. */
record SealLock(FileChannel channel) implements AutoCloseable {

    static SealLock take(Home home, String source) {
        Path file = home.run().resolve("seal." + source + ".lock");
        try {
            Files.createDirectories(file.getParent());
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (locked(channel)) {
                return new SealLock(channel);
            }
            channel.close();
            throw new GranaryException(
                    ErrorCode.BUSY, source + " is being sealed by another process (it holds " + file + "). Try later.");
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot lock " + file + ": " + e.getMessage(), e);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot free the lock: " + e.getMessage(), e);
        }
    }
}
