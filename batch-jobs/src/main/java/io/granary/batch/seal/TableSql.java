package io.granary.batch.seal;

import io.granary.tablestore.Column;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableSchema;
import io.granary.warehouse.text.SqlLiteral;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Statements over any table with partitions: its rows, those beside them, and the texts in them. */
final class TableSql {
    private TableSql() {}

    /** Writes all rows of a query, whose last columns are the table's partition columns. */
    static String insert(TableSchema schema, TableName into, String select) {
        String partition = partitionColumns(schema);
        return "INSERT OVERWRITE TABLE " + into + " PARTITION (" + partition + ")\nSELECT " + columns(schema)
                + " FROM (" + select + ") DISTRIBUTE BY " + partition;
    }

    /** The rows that are there already, but those of this seal, and {@code fresh} ones beside them. */
    static String merged(TableSchema schema, List<PartitionSpec> present, String sealId, String fresh) {
        return beside(schema, present, "seal_id <> " + SqlLiteral.of(sealId), fresh);
    }

    /** The rows of partitions that are there already for which {@code kept} holds, and {@code fresh} ones beside them. */
    static String beside(TableSchema schema, List<PartitionSpec> present, String kept, String fresh) {
        String rows = "SELECT " + columns(schema) + " FROM (" + fresh + ")";
        return present.isEmpty()
                ? rows
                : "SELECT " + columns(schema) + " FROM " + schema.name() + " WHERE " + kept + " AND ("
                        + predicate(present) + ")\nUNION ALL\n" + rows;
    }

    /** A query of these rows; cells are null, text, or numbers in milliseconds where the column is a timestamp. */
    static String rows(TableSchema schema, List<List<Object>> rows) {
        List<Column> all = new ArrayList<>(schema.columns());
        all.addAll(schema.partitionColumns());
        String values = rows.stream()
                .map(row -> row.stream().map(TableSql::cell).collect(Collectors.joining(", ", "(", ")")))
                .collect(Collectors.joining(",\n"));
        String typed = all.stream()
                .map(c -> c.type().equals("timestamp")
                        ? "TIMESTAMP_MILLIS(`" + c.name() + "`) AS `" + c.name() + "`"
                        : "CAST(`" + c.name() + "` AS " + c.type() + ") AS `" + c.name() + "`")
                .collect(Collectors.joining(", "));
        return "SELECT " + typed + " FROM VALUES\n" + values + "\nAS v ("
                + all.stream().map(c -> "`" + c.name() + "`").collect(Collectors.joining(", ")) + ")";
    }

    private static String cell(Object cell) {
        if (cell == null) {
            return "NULL";
        }
        return cell instanceof Number ? cell + "L" : SqlLiteral.of(String.valueOf(cell));
    }

    /** {@code (ds = '2026-11-01' AND hh IN ('07', '08')) OR …}. */
    static String predicate(List<PartitionSpec> partitions) {
        Map<String, List<String>> lastByFirst = new LinkedHashMap<>();
        for (PartitionSpec partition : partitions) {
            List<PartitionSpec.Entry> entries = partition.entries();
            String first = entries.subList(0, entries.size() - 1).stream()
                    .map(e -> e.column() + " = " + SqlLiteral.of(e.value()) + " AND ")
                    .collect(Collectors.joining());
            PartitionSpec.Entry last = entries.get(entries.size() - 1);
            lastByFirst
                    .computeIfAbsent(first + last.column(), k -> new ArrayList<>())
                    .add(SqlLiteral.of(last.value()));
        }
        return lastByFirst.entrySet().stream()
                .map(e -> "(" + e.getKey() + " IN (" + String.join(", ", e.getValue()) + "))")
                .collect(Collectors.joining(" OR "));
    }

    static String columns(TableSchema schema) {
        return schema.columns().stream().map(c -> "`" + c.name() + "`").collect(Collectors.joining(", ")) + ", "
                + partitionColumns(schema);
    }

    private static String partitionColumns(TableSchema schema) {
        return schema.partitionColumns().stream().map(Column::name).collect(Collectors.joining(", "));
    }
}
