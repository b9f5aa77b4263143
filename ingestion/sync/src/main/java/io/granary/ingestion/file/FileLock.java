package io.granary.ingestion.file;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps other processes of this machine away from what a file stands for; ends with the process, however that ends. */
public final class FileLock implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;

    private FileLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes the lock; the file and its folder are made when they are missing.
     *
     * @param busy what people read when another has it
     * @throws GranaryException code BUSY when another has it
     */
    public static FileLock take(Path file, String busy) {
        FileChannel channel = null;
        try {
            Files.createDirectories(file.getParent());
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isTaken(channel)) {
                return new FileLock(file, channel);
            }
            channel.close();
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot lock " + file + ": " + e, e);
        }
        throw new GranaryException(ErrorCode.BUSY, busy);
    }

    private static boolean isTaken(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot let " + file + " go: " + e, e);
        }
    }
}
