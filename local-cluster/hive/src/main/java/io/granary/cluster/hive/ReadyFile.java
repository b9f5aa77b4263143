package io.granary.cluster.hive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Says to whoever started this process that it takes requests: a file with the process id. */
record ReadyFile(Path file, String component) {
    /** Writes the file now and removes it when the process ends in an orderly way. */
    void announce() throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(part, ProcessHandle.current().pid() + "\n");
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        System.err.println(component + ": ready");
        Runtime.getRuntime().addShutdownHook(new Thread(this::remove, component + "-not-ready"));
    }

    private void remove() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            System.err.println(component + ": " + e);
        }
    }
}
