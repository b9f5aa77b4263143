package io.granary.tablestore;

import io.granary.warehouse.text.SqlLiteral;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The statement that makes a table as its schema says. */
final class TableDdl {
    private TableDdl() {}

    static String createTable(TableSchema schema, String location) {
        return "CREATE EXTERNAL TABLE IF NOT EXISTS `" + schema.name().database() + "`.`"
                + schema.name().table() + "` (\n" + columns(schema.columns()) + "\n)"
                + comment(schema.comment()) + partitionedBy(schema.partitionColumns())
                + "\nSTORED AS ORC\nLOCATION " + SqlLiteral.of(location);
    }

    static String addColumns(TableName table, List<Column> added) {
        return "ALTER TABLE `" + table.database() + "`.`" + table.table() + "` ADD COLUMNS (\n" + columns(added)
                + "\n)";
    }

    static String replaceView(TableName view, String comment, Map<String, String> properties, String query) {
        String listed = properties.entrySet().stream()
                .map(p -> SqlLiteral.of(p.getKey()) + " = " + SqlLiteral.of(p.getValue()))
                .collect(Collectors.joining(", "));
        return "CREATE OR REPLACE VIEW `" + view.database() + "`.`" + view.table() + "`" + comment(comment)
                + "\nTBLPROPERTIES (" + listed + ") AS\n" + query;
    }

    private static String partitionedBy(List<Column> columns) {
        return columns.isEmpty() ? "" : "\nPARTITIONED BY (\n" + columns(columns) + "\n)";
    }

    private static String columns(List<Column> columns) {
        return columns.stream()
                .map(c -> "    `" + c.name().replace("`", "``") + "` " + c.type() + comment(c.comment()))
                .collect(Collectors.joining(",\n"));
    }

    private static String comment(String text) {
        return text == null || text.isEmpty() ? "" : " COMMENT " + SqlLiteral.of(text);
    }
}
