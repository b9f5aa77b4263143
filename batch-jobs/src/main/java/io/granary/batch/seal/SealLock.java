package io.granary.batch.seal;

import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.TableName;
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

/**
 * Keeps a second seal of a source away while one runs: one of the same home by a file, which the system frees when the
 * process dies, and one of another home on the same cluster by the metastore.
 */
record SealLock(FileChannel channel, HiveTableStore.Hold hold) implements AutoCloseable {

    static SealLock take(Home home, String source, HiveTableStore store) {
        Path file = home.run().resolve("seal." + source + ".lock");
        try {
            Files.createDirectories(file.getParent());
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!locked(channel)) {
                channel.close();
                throw new GranaryException(
                        ErrorCode.BUSY,
                        source + " is being sealed by another process (it holds " + file + "). Try later.");
            }
            return new SealLock(channel, hold(channel, home, source, store));
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot lock " + file + ": " + e.getMessage(), e);
        }
    }

    private static HiveTableStore.Hold hold(FileChannel channel, Home home, String source, HiveTableStore store)
            throws IOException {
        try {
            TableName name = new TableName("ods", "granary_seal__" + source.replace('.', '_'));
            return store.hold(name, "granary seal " + source + " of home " + home.root());
        } catch (GranaryException e) {
            channel.close();
            throw e.code() == ErrorCode.BUSY
                    ? new GranaryException(ErrorCode.BUSY, source + " is being sealed elsewhere: " + e.getMessage(), e)
                    : e;
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

    /** @throws GranaryException when this process was silent for so long that another may be sealing */
    void confirm() {
        hold.confirm();
    }

    @Override
    public void close() {
        hold.close();
        try {
            channel.close();
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot free the lock: " + e.getMessage(), e);
        }
    }
}
