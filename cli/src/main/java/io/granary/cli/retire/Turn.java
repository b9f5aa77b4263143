package io.granary.cli.retire;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** One retirement at a time in an installation; the lock ends with its process. */
record Turn(FileChannel file) implements AutoCloseable {

    static Turn take(Home home) {
        Path path = home.target().resolve("retire.lock");
        try {
            Files.createDirectories(home.target());
            FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = file.tryLock();
            if (lock == null) {
                file.close();
                throw new GranaryException(
                        ErrorCode.BUSY, "another `granary retire` works in " + home.root() + ". Wait for it to end.");
            }
            return new Turn(file);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot lock " + path + ": " + e, e);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            // the lock goes with the process
        }
    }
}
