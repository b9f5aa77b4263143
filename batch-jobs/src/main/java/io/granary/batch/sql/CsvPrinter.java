package io.granary.batch.sql;

import java.io.PrintStream;
import java.util.List;
import java.util.stream.Collectors;

/** RFC 4180 with a header and {@code \n}; NULL is nothing, the empty text is {@code ""}. */
final class CsvPrinter extends ResultPrinter {
    CsvPrinter(PrintStream out) {
        super(out);
    }

    @Override
    void begin() {
        out().print(columns().stream().map(c -> quoted(c.name())).collect(Collectors.joining(",")) + "\n");
    }

    @Override
    void print(List<Object> cells) {
        out().print(cells.stream()
                        .map(c -> c == null ? "" : quoted(Cells.text(c)))
                        .collect(Collectors.joining(",")) + "\n");
    }

    @Override
    void finish() {}

    private static String quoted(String text) {
        boolean plain = !text.isEmpty() && text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
