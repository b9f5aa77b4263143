package io.granary.cluster;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Held while something starts or stops processes of a state folder. The system frees it when its holder dies. */
final class ClusterLock implements AutoCloseable {
    private final FileChannel channel;

    private ClusterLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws GranaryException when another command of this state folder is at work */
    static ClusterLock take(Home home) {
        return tryTake(home)
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.BUSY,
                        "another `granary up`, `down`, `restart` or `demo` is starting or stopping the cluster in "
                                + home.root() + ". Wait until it is done, or use another --home."));
    }

    static Optional<ClusterLock> tryTake(Home home) {
        Path file = home.run().resolve("lock");
        try {
            Files.createDirectories(home.run());
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    return Optional.of(new ClusterLock(channel));
                }
            } catch (OverlappingFileLockException e) {
                // Held by another thread of this process: the same as held by another process.
            }
            channel.close();
            return Optional.empty();
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot write " + file + ": " + e, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
