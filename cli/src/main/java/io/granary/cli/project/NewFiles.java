package io.granary.cli.project;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** Files that are written only where there are none yet. */
record NewFiles(Map<Path, String> contents) {
    static final String NAME = "[a-z][a-z0-9]*(_[a-z0-9]+)*";

    /** Writes all of them, or none when one is there already. */
    List<Path> write() {
        for (Path file : contents.keySet()) {
            if (Files.exists(file)) {
                throw new GranaryException(
                        ErrorCode.USAGE, file + " is there already; nothing was written. Choose another name.");
            }
        }
        contents.forEach(NewFiles::write);
        return List.copyOf(contents.keySet());
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot write " + file + ": " + e, e);
        }
    }

    /** A text as a YAML value on one line. */
    static String yaml(String text) {
        boolean plain = text.matches("[A-Za-z][A-Za-z0-9_.@/ -]*[A-Za-z0-9_.]|[A-Za-z]")
                && !text.matches("(?i)true|false|null|yes|no|on|off|y|n");
        return plain
                ? text
                : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\s+", " ") + '"';
    }
}
