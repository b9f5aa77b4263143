package io.granary.streaming.reconcile;

import java.util.Collection;
import java.util.stream.Collectors;

/** Texts in SQL. */
final class SqlText {
    private SqlText() {}

    static String of(String text) {
        return text == null ? "NULL" : "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    static String list(Collection<String> texts) {
        return texts.stream().map(SqlText::of).collect(Collectors.joining(", "));
    }
}
