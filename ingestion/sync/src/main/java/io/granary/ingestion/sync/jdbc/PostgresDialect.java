package io.granary.ingestion.sync.jdbc;

import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.DatabaseType;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hadoop.hive.ql.exec.vector.LongColumnVector;
import org.apache.orc.TypeDescription;

/** PostgreSQL, from version 11. */
final class PostgresDialect implements Dialect {
    private static final Pattern PLAN_ROWS = Pattern.compile("\"Plan Rows\": (\\d+)");
    private static final int MAX_SCALE = 1000;
    private static final int FETCH_ROWS = 500;
    private static final int FETCH_LARGE_ROWS = 20;

    @Override
    public DatabaseType type() {
        return DatabaseType.POSTGRESQL;
    }

    @Override
    public String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    @Override
    public Properties properties(Connection connection) {
        Properties properties = new Properties();
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("ApplicationName", "granary");
        properties.putAll(connection.properties());
        properties.setProperty("user", connection.user());
        properties.setProperty("password", connection.password());
        // every value as the text that the database makes of it
        properties.setProperty("binaryTransfer", "false");
        // a text parameter takes the type of its column: timestamps, JSON, UUIDs
        properties.setProperty("stringtype", "unspecified");
        properties.setProperty("reWriteBatchedInserts", "true");
        // rows fetched at a time that take more memory are an error, not the end of the process
        properties.setProperty("maxResultBuffer", "20p");
        return properties;
    }

    @Override
    public List<String> session() {
        return List.of(
                "SET TimeZone = 'UTC'",
                "SET IntervalStyle = 'iso_8601'",
                "SET bytea_output = 'hex'",
                "SET standard_conforming_strings = on");
    }

    @Override
    public List<String> beginSnapshot() {
        return List.of("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY", "SELECT 1");
    }

    @Override
    public Optional<String> exportSnapshot() {
        return Optional.of("SELECT pg_export_snapshot()");
    }

    @Override
    public List<String> joinSnapshot(String exported) {
        return List.of(
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
                "SET TRANSACTION SNAPSHOT " + literal(exported));
    }

    @Override
    public int fetchRows() {
        return FETCH_ROWS;
    }

    /** A row has at most 8 KB where none of its values lie outside of the table. */
    @Override
    public int fetchRows(Database database, String table) {
        String outside = database.value(
                "SELECT pg_relation_size(nullif(reltoastrelid, 0)) FROM pg_class WHERE oid = to_regclass("
                        + literal(table(table)) + ")");
        return outside == null || outside.equals("0") ? FETCH_ROWS : FETCH_LARGE_ROWS;
    }

    @Override
    public boolean streamsInTransactionOnly() {
        return true;
    }

    @Override
    public ResultSet tables(java.sql.Connection jdbc) throws SQLException {
        return jdbc.getMetaData().getTables(null, jdbc.getSchema(), "%", new String[] {
            "TABLE", "VIEW", "PARTITIONED TABLE", "MATERIALIZED VIEW", "FOREIGN TABLE"
        });
    }

    @Override
    public List<DatabaseColumn> columns(Database database, String table) {
        return database.rows(
                "SELECT a.attname, format_type(CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE a.atttypid END,"
                        + " CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END), t.typtype,"
                        + " col_description(a.attrelid, a.attnum), a.attnotnull OR t.typnotnull,"
                        + " coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0)"
                        + " FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid"
                        + " LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary"
                        + " WHERE a.attrelid = to_regclass(" + literal(table(table)) + ")"
                        + " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
                row -> {
                    SourceType type = row.getString(3).equals("e")
                            ? SourceType.parse("enum")
                            : SourceType.parse(row.getString(2));
                    String comment = row.getString(4);
                    return new DatabaseColumn(
                            row.getString(1),
                            hiveType(table + "." + row.getString(1), type),
                            comment == null ? "" : comment,
                            type.name().equals("enum") ? "enum " + row.getString(2) : row.getString(2),
                            !row.getBoolean(5),
                            row.getInt(6));
                });
    }

    @Override
    public SourceType sourceType(ResultSetMetaData metadata, int column) throws SQLException {
        String name = metadata.getColumnTypeName(column).toLowerCase(Locale.ROOT);
        int precision = metadata.getPrecision(column);
        if (!name.equals("numeric") || precision == 0) {
            return SourceType.parse(name);
        }
        // the driver reads the scale's 11 bits without their sign
        int scale = metadata.getScale(column);
        return SourceType.parse("numeric(" + precision + "," + (scale > MAX_SCALE ? scale - 2048 : scale) + ")");
    }

    @Override
    public String hiveType(String column, SourceType source) {
        if (source.base().endsWith("[]") || source.base().startsWith("_")) {
            return "string";
        }
        return switch (source.base()) {
            case "smallint", "int2", "integer", "int4", "serial", "smallserial" -> "int";
            case "bigint", "int8", "bigserial", "oid" -> "bigint";
            case "numeric", "decimal" -> source.size() < 0 ? HiveTypes.ANY_NUMBER : HiveTypes.widened(column, source);
            case "real", "float4" -> "float";
            case "double precision", "float8" -> "double";
            case "boolean", "bool" -> "boolean";
            case "bytea" -> "binary";
            case "date" -> "date";
            case "timestamp", "timestamptz", "timestamp without time zone", "timestamp with time zone" -> "timestamp";
            // its digits depend on the database's locale
            case "money" -> throw HiveTypes.unknown(column, source);
            // texts as the database writes them, whatever the type: JSON, UUID, interval (ISO 8601), ranges, addresses,
            // bits
            default -> "string";
        };
    }

    @Override
    public CellReader reader(SourceType source, TypeDescription target, ZeroDates zeroDates) {
        WireText text = new WireText();
        WireReaders.Wire wire = (row, column) -> {
            byte[] bytes = row.getBytes(column);
            return bytes == null ? null : text.set(bytes, 0, bytes.length);
        };
        return switch (target.getCategory()) {
            case BOOLEAN ->
                (row, column, vector, at) -> {
                    WireText value = wire.read(row, column);
                    if (value == null) {
                        return CellReader.NULL;
                    }
                    ((LongColumnVector) vector).vector[at] = value.first() == 't' || value.first() == '1' ? 1 : 0;
                    return 1;
                };
            default -> WireReaders.of(wire, target, zeroDates);
        };
    }

    @Override
    public String columnType(String column, String hiveType, int characters) {
        String lower = hiveType.toLowerCase(Locale.ROOT);
        if (HiveTypes.isText(lower)) {
            return "TEXT";
        }
        if (lower.startsWith("decimal(")) {
            return lower.replace("decimal", "NUMERIC");
        }
        return switch (lower) {
            case "boolean" -> "BOOLEAN";
            case "tinyint", "smallint" -> "SMALLINT";
            case "int" -> "INTEGER";
            case "bigint" -> "BIGINT";
            case "float" -> "REAL";
            case "double" -> "DOUBLE PRECISION";
            case "date" -> "DATE";
            case "timestamp" -> "TIMESTAMP(6)";
            case "binary" -> "BYTEA";
            default -> throw HiveTypes.unwritable(column, hiveType);
        };
    }

    @Override
    public boolean holdsInfinity() {
        return true;
    }

    @Override
    public String insert(String table, List<String> columns, WriteMode mode, List<String> key) {
        String insert = "INSERT INTO " + table(table) + Insert.columnsAndValues(this, columns);
        if (mode != WriteMode.UPDATE) {
            return Dialect.super.insert(table, columns, mode, key);
        }
        String changed = columns.stream()
                .filter(c -> !key.contains(c))
                .map(c -> quoted(c) + " = excluded." + quoted(c))
                .collect(Collectors.joining(", "));
        return insert + " ON CONFLICT (" + Insert.names(this, key) + ") DO "
                + (changed.isEmpty() ? "NOTHING" : "UPDATE SET " + changed);
    }

    @Override
    public List<String> swap(String table, String live, String shadow, String old) {
        String in = "ALTER TABLE " + table(shadow) + " RENAME TO " + quoted(table);
        return live == null ? List.of(in) : List.of("ALTER TABLE " + table(live) + " RENAME TO " + quoted(old), in);
    }

    @Override
    public String summed(DatabaseColumn column) {
        return quoted(column.name()) + (column.sourceType().equals("oid") ? "::bigint" : "");
    }

    @Override
    public String length(DatabaseColumn column) {
        String name = quoted(column.name());
        if (column.hiveType().equals("binary") || column.sourceType().startsWith("character(")) {
            return "octet_length(" + name + ")";
        }
        // a cast of an address to text is not what the database shows
        return column.sourceType().equals("inet")
                ? "CASE WHEN " + name + " IS NOT NULL THEN octet_length(format('%s', " + name + ")) END"
                : "octet_length(" + name + "::text)";
    }

    @Override
    public String fingerprint(List<DatabaseColumn> columns) {
        String row = columns.stream().map(c -> quoted(c.name())).collect(Collectors.joining(", "));
        return "concat_ws('-', count(*), sum(hashtextextended(ROW(" + row + ")::text, 0)))";
    }

    @Override
    public long estimate(Database database, String select) {
        Matcher rows = PLAN_ROWS.matcher(database.value("EXPLAIN (FORMAT JSON) " + select));
        return rows.find() ? Long.parseLong(rows.group(1)) : -1;
    }
}
