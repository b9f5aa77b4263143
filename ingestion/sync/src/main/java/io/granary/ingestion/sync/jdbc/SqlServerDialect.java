package io.granary.ingestion.sync.jdbc;

import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.DatabaseType;
import java.util.List;
import java.util.Properties;

/** SQL Server, from 2016. Its {@code timestamp} is no time but the row's version. */
final class SqlServerDialect implements Dialect {
    @Override
    public DatabaseType type() {
        return DatabaseType.SQLSERVER;
    }

    @Override
    public String quoted(String name) {
        return "[" + name.replace("]", "]]") + "]";
    }

    @Override
    public String literal(String text) {
        return "N'" + text.replace("'", "''") + "'";
    }

    @Override
    public Properties properties(Connection connection) {
        Properties properties = new Properties();
        properties.setProperty("loginTimeout", "10");
        properties.setProperty("applicationName", "granary");
        properties.putAll(connection.properties());
        properties.setProperty("user", connection.user());
        properties.setProperty("password", connection.password());
        // rows pass through as they come
        properties.setProperty("responseBuffering", "adaptive");
        return properties;
    }

    @Override
    public List<String> session() {
        return List.of("SET ANSI_WARNINGS ON");
    }

    /** One view of the data only where the database allows it (ALLOW_SNAPSHOT_ISOLATION). */
    @Override
    public List<String> beginSnapshot() {
        return List.of("IF EXISTS (SELECT 1 FROM sys.databases WHERE name = DB_NAME() AND snapshot_isolation_state = 1)"
                + " SET TRANSACTION ISOLATION LEVEL SNAPSHOT");
    }

    @Override
    public boolean consistent(Database database, List<String> tables) {
        return database.number("SELECT snapshot_isolation_state FROM sys.databases WHERE name = DB_NAME()") == 1;
    }

    @Override
    public String hiveType(String column, SourceType source) {
        return switch (source.name()) {
            case "bit" -> "boolean";
            case "tinyint", "smallint", "int" -> "int";
            case "bigint" -> "bigint";
            case "decimal", "numeric" -> HiveTypes.decimal(column, source);
            case "money" -> "decimal(19,4)";
            case "smallmoney" -> "decimal(10,4)";
            case "float" -> "double";
            case "real" -> "float";
            case "char",
                    "nchar",
                    "varchar",
                    "nvarchar",
                    "text",
                    "ntext",
                    "xml",
                    "sysname",
                    "uniqueidentifier",
                    "json",
                    "time" -> "string";
            case "date" -> "date";
            case "datetime", "datetime2", "smalldatetime", "datetimeoffset" -> "timestamp";
            case "binary", "varbinary", "image", "timestamp", "rowversion" -> "binary";
            default -> throw HiveTypes.unknown(column, source);
        };
    }

    /** A time with an offset becomes the wall clock of UTC, and a time of day its text. */
    @Override
    public String selected(DatabaseColumn column) {
        String name = quoted(column.name());
        return switch (SourceType.parse(column.sourceType()).name()) {
            case "datetimeoffset" -> "CAST(SWITCHOFFSET(" + name + ", '+00:00') AS datetime2(7)) AS " + name;
            case "time" -> "CONVERT(varchar(16), " + name + ", 121) AS " + name;
            default -> name;
        };
    }

    @Override
    public boolean datesAsText() {
        return false;
    }
}
