package io.granary.ingestion.sync.datax;

import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.ingestion.sync.job.RdbmsWriter;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A MySQL table that rows of texts go to, by way of a work table with a text column {@code c0, c1, …} for each.
 *
 * @param columns in the order of the job's columns
 */
record TargetTable(Database database, String table, List<DatabaseColumn> columns) {
    static TargetTable of(Database database, RdbmsWriter to) {
        Map<String, DatabaseColumn> known = new LinkedHashMap<>();
        database.columns(to.table()).forEach(c -> known.put(c.name(), c));
        if (to.column().equals(List.of("*"))) {
            return new TargetTable(database, to.table(), List.copyOf(known.values()));
        }
        List<DatabaseColumn> columns = new ArrayList<>();
        for (String name : to.column()) {
            if (!known.containsKey(name)) {
                throw new GranaryException(
                        ErrorCode.NOT_FOUND,
                        to.plugin() + ": table " + to.table() + " has no column '" + name + "'; it has "
                                + String.join(", ", known.keySet()));
            }
            columns.add(known.get(name));
        }
        return new TargetTable(database, to.table(), columns);
    }

    String textColumns() {
        return IntStream.range(0, columns.size())
                        .mapToObj(i -> "c" + i + " LONGTEXT NULL")
                        .collect(Collectors.joining(", ", " (", ")"))
                + " CHARACTER SET utf8mb4";
    }

    /** The statement that moves the rows; the database makes values of the texts, strictly. */
    String move() {
        return "INSERT INTO " + database.dialect().table(table)
                + columns.stream()
                        .map(c -> database.dialect().quoted(c.name()))
                        .collect(Collectors.joining(", ", " (", ")"))
                + IntStream.range(0, columns.size())
                        .mapToObj(i -> value(columns.get(i), "c" + i))
                        .collect(Collectors.joining(", ", " SELECT ", ""));
    }

    private static String value(DatabaseColumn column, String text) {
        String value = column.hiveType().equals("boolean")
                ? "CASE " + text + " WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE " + text + " END"
                : text;
        return column.sourceType().startsWith("bit") ? "CAST(" + value + " AS UNSIGNED)" : value;
    }

    /**
     * What MySQL would round in silence even when it is strict.
     *
     * @throws GranaryException naming the column
     */
    void check(String work) {
        for (int i = 0; i < columns.size(); i++) {
            DatabaseColumn column = columns.get(i);
            String text = "c" + i;
            String rounded = rounded(column, text);
            if (rounded == null) {
                continue;
            }
            String value = database.value("SELECT " + text + database.from(work, rounded + " LIMIT 1"));
            if (value != null) {
                throw new GranaryException(
                        ErrorCode.DATA,
                        "'" + value + "' does not fit column " + column.name() + " " + column.sourceType() + " of "
                                + table + " without loss; nothing of the job is taken");
            }
        }
    }

    /** Differences, not comparisons: MariaDB 11.4 takes the two casts of {@code a <> b} in WHERE for the same. */
    private static String rounded(DatabaseColumn column, String text) {
        String type = column.hiveType();
        if (type.startsWith("decimal")) {
            return "CAST(" + text + " AS DECIMAL(65,30)) - CAST(" + text + " AS " + type + ") <> 0";
        }
        return switch (type) {
            case "tinyint", "smallint", "int", "bigint" ->
                "CAST(" + text + " AS DECIMAL(65,30)) - CAST(" + text + " AS DECIMAL(20,0)) <> 0";
            case "timestamp" ->
                "TIMESTAMPDIFF(MICROSECOND, CAST(" + text + " AS DATETIME(6)), CAST(" + text + " AS "
                        + column.sourceType().replace("timestamp", "datetime") + ")) <> 0";
            default -> null;
        };
    }
}
