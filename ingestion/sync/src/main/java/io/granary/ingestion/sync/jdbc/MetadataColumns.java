package io.granary.ingestion.sync.jdbc;

import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Columns of a table as every JDBC driver tells them. */
final class MetadataColumns {
    private MetadataColumns() {}

    static List<DatabaseColumn> of(Database database, String table) {
        int dot = table.indexOf('.');
        try {
            java.sql.Connection jdbc = database.jdbc();
            String schema = dot < 0 ? jdbc.getSchema() : table.substring(0, dot);
            return of(database.dialect(), jdbc.getMetaData(), jdbc.getCatalog(), schema, table.substring(dot + 1));
        } catch (SQLException e) {
            throw database.failed("metadata of " + table, e);
        }
    }

    private static List<DatabaseColumn> of(
            Dialect dialect, DatabaseMetaData metadata, String catalog, String schema, String table)
            throws SQLException {
        Map<String, Integer> keys = new HashMap<>();
        try (ResultSet rows = metadata.getPrimaryKeys(catalog, schema, table)) {
            while (rows.next()) {
                keys.put(rows.getString("COLUMN_NAME"), rows.getInt("KEY_SEQ"));
            }
        }
        String escape = metadata.getSearchStringEscape();
        String pattern = table.replace(escape, escape + escape)
                .replace("_", escape + "_")
                .replace("%", escape + "%");
        List<DatabaseColumn> columns = new ArrayList<>();
        try (ResultSet rows = metadata.getColumns(catalog, schema, pattern, "%")) {
            while (rows.next()) {
                String name = rows.getString("COLUMN_NAME");
                SourceType type =
                        type(rows.getString("TYPE_NAME"), rows.getInt("COLUMN_SIZE"), rows.getInt("DECIMAL_DIGITS"));
                String comment = rows.getString("REMARKS");
                columns.add(new DatabaseColumn(
                        name,
                        dialect.hiveType(table + "." + name, type),
                        comment == null ? "" : comment,
                        type.text(),
                        rows.getInt("NULLABLE") != DatabaseMetaData.columnNoNulls,
                        keys.getOrDefault(name, 0)));
            }
        }
        return List.copyOf(columns);
    }

    static SourceType type(ResultSetMetaData metadata, int column) throws SQLException {
        return type(metadata.getColumnTypeName(column), metadata.getPrecision(column), metadata.getScale(column));
    }

    /** Only of exact numbers does a driver's size say what the type says. */
    static SourceType type(String name, int size, int scale) {
        SourceType type = SourceType.parse(name.replace("()", ""));
        boolean exact = type.name().equals("number")
                || type.name().equals("decimal")
                || type.name().equals("numeric");
        return !exact || type.size() >= 0 || size <= 0
                ? type
                : SourceType.parse(type.name() + "(" + size + "," + scale + ")"
                        + type.base().substring(type.name().length()));
    }
}
