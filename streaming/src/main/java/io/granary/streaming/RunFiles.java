package io.granary.streaming;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the process says of itself in the state folder: that its queries run, and where its metrics are. */
record RunFiles(Path ready, Path metrics) {
    /** Takes away what an earlier process has said. */
    static RunFiles begin(Home home) {
        RunFiles files =
                new RunFiles(home.run().resolve("streaming.ready"), home.run().resolve("streaming.metrics"));
        try {
            Files.createDirectories(home.run());
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot make " + home.run() + ": " + e, e);
        }
        files.end();
        return files;
    }

    void serves(String url) {
        write(metrics, url);
    }

    void counts() {
        write(ready, Long.toString(ProcessHandle.current().pid()));
    }

    void end() {
        delete(ready);
        delete(metrics);
    }

    private static void write(Path file, String line) {
        try {
            Files.writeString(file, line + "\n");
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot write " + file + ": " + e, e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot delete " + file + ": " + e, e);
        }
    }
}
