package io.granary.tablestore;

import java.util.List;
import java.util.stream.Collectors;

/** The statement that makes a table as its schema says. */
final class TableDdl {
    private TableDdl() {}

    static String createTable(TableSchema schema, String location) {
        return "CREATE EXTERNAL TABLE IF NOT EXISTS `" + schema.name().database() + "`.`"
                + schema.name().table() + "` (\n" + columns(schema.columns()) + "\n)"
                + comment(schema.comment()) + "\nPARTITIONED BY (\n" + columns(schema.partitionColumns()) + "\n)"
                + "\nSTORED AS ORC\nLOCATION " + literal(location);
    }

    private static String columns(List<Column> columns) {
        return columns.stream()
                .map(c -> "    `" + c.name().replace("`", "``") + "` " + c.type() + comment(c.comment()))
                .collect(Collectors.joining(",\n"));
    }

    private static String comment(String text) {
        return text == null || text.isEmpty() ? "" : " COMMENT " + literal(text);
    }

    private static String literal(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
