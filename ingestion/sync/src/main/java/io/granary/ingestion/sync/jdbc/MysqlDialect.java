package io.granary.ingestion.sync.jdbc;

import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.DatabaseType;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.hadoop.hive.ql.exec.vector.LongColumnVector;
import org.apache.orc.TypeDescription;

/** MariaDB and MySQL, both through MariaDB's driver. */
final class MysqlDialect implements Dialect {
    /** Character sets whose bytes are those of UTF-8. */
    private static final String UTF8 = "'utf8mb4', 'utf8mb3', 'utf8', 'ascii'";

    private final DatabaseType type;

    MysqlDialect(DatabaseType type) {
        this.type = type;
    }

    @Override
    public DatabaseType type() {
        return type;
    }

    @Override
    public String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    @Override
    public String literal(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    @Override
    public Properties properties(Connection connection) {
        Properties properties = new Properties();
        properties.setProperty("connectTimeout", "10000");
        properties.putAll(connection.properties());
        properties.setProperty("user", connection.user());
        properties.setProperty("password", connection.password());
        properties.setProperty("tinyInt1isBit", "false");
        properties.setProperty("yearIsDateType", "false");
        properties.setProperty("useBulkStmts", "true");
        properties.setProperty("allowLocalInfile", "false");
        // each connection has its own MysqlWire
        properties.setProperty("cacheCodecs", "false");
        return properties;
    }

    @Override
    public List<String> session() {
        return List.of("SET SESSION time_zone = '+00:00', net_write_timeout = 600,"
                + " sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'");
    }

    @Override
    public List<String> beginSnapshot() {
        return List.of(
                "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
                "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
    }

    /** The driver reads rows from the socket as they are asked for; more than one would only take memory. */
    @Override
    public int fetchRows() {
        return 1;
    }

    @Override
    public boolean consistent(Database database, List<String> tables) {
        return tables.stream().allMatch(table -> {
            int dot = table.indexOf('.');
            String schema = dot < 0 ? database.address().database() : table.substring(0, dot);
            // of a view it is NULL
            String engine = database.value("SELECT ENGINE FROM information_schema.TABLES WHERE TABLE_SCHEMA = "
                    + literal(schema) + " AND TABLE_NAME = " + literal(table.substring(dot + 1)));
            return engine == null || engine.equalsIgnoreCase("InnoDB");
        });
    }

    @Override
    public List<DatabaseColumn> columns(Database database, String table) {
        int dot = table.indexOf('.');
        String schema = dot < 0 ? database.address().database() : table.substring(0, dot);
        String name = table.substring(dot + 1);
        String of = " WHERE c.TABLE_SCHEMA = " + literal(schema) + " AND c.TABLE_NAME = " + literal(name);
        return database
                .rows(
                        "SELECT c.COLUMN_NAME, concat(c.COLUMN_TYPE, if(c.CHARACTER_SET_NAME IS NULL OR"
                                + " c.CHARACTER_SET_NAME IN (" + UTF8 + "), '', concat(' character set ',"
                                + " c.CHARACTER_SET_NAME))), c.COLUMN_COMMENT, c.IS_NULLABLE, k.ORDINAL_POSITION,"
                                + " c.TABLE_NAME FROM information_schema.COLUMNS c"
                                + " LEFT JOIN information_schema.KEY_COLUMN_USAGE k ON k.TABLE_SCHEMA = c.TABLE_SCHEMA"
                                + " AND k.TABLE_NAME = c.TABLE_NAME AND k.COLUMN_NAME = c.COLUMN_NAME"
                                + " AND k.CONSTRAINT_NAME = 'PRIMARY'" + of + " ORDER BY c.ORDINAL_POSITION",
                        row -> row.getString(6).equals(name)
                                ? new DatabaseColumn(
                                        row.getString(1),
                                        hiveType(
                                                schema + "." + table + "." + row.getString(1),
                                                SourceType.parse(row.getString(2))),
                                        row.getString(3),
                                        row.getString(2),
                                        row.getString(4).equals("YES"),
                                        row.getInt(5))
                                : null)
                .stream()
                .filter(column -> column != null)
                .toList();
    }

    @Override
    public SourceType sourceType(ResultSetMetaData metadata, int column) throws SQLException {
        String name = metadata.getColumnTypeName(column).toLowerCase(Locale.ROOT);
        int precision = metadata.getPrecision(column);
        return SourceType.parse(
                switch (name) {
                    case "decimal", "old decimal" -> "decimal(" + precision + "," + metadata.getScale(column) + ")";
                    case "bit" -> "bit(" + precision + ")";
                    default -> name;
                });
    }

    @Override
    public String hiveType(String column, SourceType source) {
        boolean unsigned = source.has("unsigned");
        return switch (source.name()) {
            case "tinyint", "smallint", "mediumint", "year", "bool", "boolean" -> "int";
            case "int", "integer" -> unsigned ? "bigint" : "int";
            case "bigint" -> unsigned ? "decimal(20,0)" : "bigint";
            case "decimal", "numeric", "fixed" -> HiveTypes.decimal(column, source);
            case "bit" -> source.size() <= 1 ? "boolean" : source.size() < Long.SIZE ? "bigint" : "decimal(20,0)";
            case "double", "real" -> "double";
            case "float" -> "float";
            case "char",
                    "varchar",
                    "tinytext",
                    "text",
                    "mediumtext",
                    "longtext",
                    "enum",
                    "set",
                    "json",
                    "uuid",
                    "inet4",
                    "inet6",
                    "time" -> "string";
            case "date" -> "date";
            case "datetime", "timestamp" -> "timestamp";
            case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" -> "binary";
            default -> throw HiveTypes.unknown(column, source);
        };
    }

    /** A FLOAT is sent with six digits, as a DOUBLE with all of them. */
    @Override
    public String selected(DatabaseColumn column) {
        String name = quoted(column.name());
        return column.hiveType().equals("float") ? name + " + 0e0 AS " + name : name;
    }

    @Override
    public CellReader reader(SourceType source, TypeDescription target, ZeroDates zeroDates) {
        WireReaders.Wire wire = (row, column) -> row.getObject(column, WireText.class);
        return switch (source.name()) {
            case "bit" -> MysqlBits.reader(wire, target);
            case "tinyint", "smallint", "mediumint", "int", "integer", "year" ->
                target.getCategory().isPrimitive() && MysqlBits.isInteger(target)
                        ? (row, column, vector, at) -> {
                            ((LongColumnVector) vector).vector[at] = row.getLong(column);
                            return row.wasNull() ? CellReader.NULL : Long.BYTES;
                        }
                        : WireReaders.of(wire, target, zeroDates);
            default -> WireReaders.of(wire, target, zeroDates);
        };
    }

    @Override
    public String columnType(String column, String hiveType, int characters) {
        String lower = hiveType.toLowerCase(Locale.ROOT);
        if (HiveTypes.isText(lower)) {
            return characters > 0 ? "VARCHAR(" + characters + ")" : "LONGTEXT";
        }
        if (lower.startsWith("decimal(")) {
            return lower.toUpperCase(Locale.ROOT);
        }
        return switch (lower) {
            case "boolean" -> "TINYINT(1)";
            case "tinyint", "smallint", "int", "bigint", "float", "double", "date" -> lower.toUpperCase(Locale.ROOT);
            case "timestamp" -> "DATETIME(6)";
            case "binary" -> characters > 0 ? "VARBINARY(" + characters + ")" : "LONGBLOB";
            default -> throw HiveTypes.unwritable(column, hiveType);
        };
    }

    @Override
    public String insert(String table, List<String> columns, WriteMode mode, List<String> key) {
        String rest = " INTO " + table(table) + Insert.columnsAndValues(this, columns);
        return switch (mode) {
            case INSERT -> "INSERT" + rest;
            case REPLACE -> "REPLACE" + rest;
            case UPDATE ->
                "INSERT" + rest + " ON DUPLICATE KEY UPDATE "
                        + columns.stream()
                                .map(c -> quoted(c) + " = VALUES(" + quoted(c) + ")")
                                .collect(Collectors.joining(", "));
        };
    }

    @Override
    public List<String> swap(String table, String live, String shadow, String old) {
        String in = table(shadow) + " TO " + table(table);
        return List.of("RENAME TABLE " + (live == null ? in : table(live) + " TO " + table(old) + ", " + in));
    }

    @Override
    public String length(DatabaseColumn column) {
        String name = quoted(column.name());
        SourceType type = SourceType.parse(column.sourceType());
        boolean isUtf8 = !type.text().contains("character set")
                && List.of("char", "varchar", "tinytext", "text", "mediumtext", "longtext")
                        .contains(type.name());
        return column.hiveType().equals("binary") || isUtf8
                ? "octet_length(" + name + ")"
                : "octet_length(CONVERT(" + name + " USING utf8mb4))";
    }

    /** Two checksums of 32 bits, since rows that trade their values can leave the first one as it was. */
    @Override
    public String fingerprint(List<DatabaseColumn> columns) {
        String values = columns.stream().map(this::comparable).collect(Collectors.joining(", "));
        String absent =
                columns.stream().map(c -> "ISNULL(" + quoted(c.name()) + ")").collect(Collectors.joining(", "));
        String row = "crc32(concat_ws(0x1f, " + values + ", concat(" + absent + ")))";
        return "concat_ws('-', count(*), bit_xor(" + row + "), sum(" + row + "))";
    }

    /** Every digit of a value, and of texts their bytes, whose character sets may differ. */
    private String comparable(DatabaseColumn column) {
        String name = quoted(column.name());
        return switch (column.hiveType()) {
            case "string" -> "CAST(" + name + " AS BINARY)";
            case "float" -> name + " + 0e0";
            default -> name;
        };
    }

    @Override
    public long estimate(Database database, String select) {
        return database.rows("EXPLAIN " + select, row -> row.getLong("rows")).stream()
                .findFirst()
                .orElse(-1L);
    }
}
