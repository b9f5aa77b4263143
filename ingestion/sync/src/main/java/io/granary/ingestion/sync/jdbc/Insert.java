package io.granary.ingestion.sync.jdbc;

import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** Parts of an INSERT that all dialects share. */
final class Insert {
    private Insert() {}

    static String columnsAndValues(Dialect dialect, List<String> columns) {
        return " (" + names(dialect, columns) + ") VALUES ("
                + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")";
    }

    static String names(Dialect dialect, List<String> columns) {
        return columns.stream().map(dialect::quoted).collect(Collectors.joining(", "));
    }
}
