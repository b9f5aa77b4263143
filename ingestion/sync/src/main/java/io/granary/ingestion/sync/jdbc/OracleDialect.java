package io.granary.ingestion.sync.jdbc;

import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.DatabaseType;
import java.time.LocalDate;
import java.util.List;
import java.util.Properties;

/** Oracle, from 12.2. Oracle's DATE has a time; its '' is NULL. */
final class OracleDialect implements Dialect {
    @Override
    public DatabaseType type() {
        return DatabaseType.ORACLE;
    }

    @Override
    public String quoted(String name) {
        return "\"" + name.replace("\"", "") + "\"";
    }

    @Override
    public String literal(LocalDate day) {
        return "DATE " + literal(day.toString());
    }

    @Override
    public Properties properties(Connection connection) {
        Properties properties = new Properties();
        properties.setProperty("oracle.net.CONNECT_TIMEOUT", "10000");
        properties.setProperty("oracle.jdbc.timezoneAsRegion", "false");
        properties.putAll(connection.properties());
        properties.setProperty("user", connection.user());
        properties.setProperty("password", connection.password());
        return properties;
    }

    @Override
    public List<String> session() {
        return List.of("ALTER SESSION SET TIME_ZONE = '+00:00'");
    }

    @Override
    public List<String> beginSnapshot() {
        return List.of("SET TRANSACTION READ ONLY");
    }

    @Override
    public String hiveType(String column, SourceType source) {
        return switch (source.name()) {
            case "number" -> number(column, source);
            // decimal digits too, though declared in binary ones
            case "float" -> HiveTypes.ANY_NUMBER;
            case "binary" -> source.base().equals("binary float") ? "float" : "double";
            case "binary_float" -> "float";
            case "binary_double" -> "double";
            case "date", "timestamp" -> "timestamp";
            case "char",
                    "nchar",
                    "varchar",
                    "varchar2",
                    "nvarchar",
                    "nvarchar2",
                    "clob",
                    "nclob",
                    "long",
                    "rowid",
                    "urowid",
                    "json",
                    "interval",
                    "intervalds",
                    "intervalym" -> source.base().equals("long raw") ? "binary" : "string";
            case "raw", "blob" -> "binary";
            case "boolean" -> "boolean";
            default -> throw HiveTypes.unknown(column, source);
        };
    }

    private static String number(String column, SourceType source) {
        // a NUMBER without precision has scale -127
        return source.size() <= 0 || source.scale() == -127
                ? HiveTypes.ANY_NUMBER
                : HiveTypes.integerOrDecimal(column, source);
    }

    /** With its zone taken off: as the wall clock of UTC. */
    @Override
    public String selected(DatabaseColumn column) {
        String name = quoted(column.name());
        SourceType source = SourceType.parse(column.sourceType());
        if (source.base().endsWith("with local time zone")) {
            return "CAST(" + name + " AS TIMESTAMP(9)) AS " + name;
        }
        return source.base().endsWith("with time zone") ? "SYS_EXTRACT_UTC(" + name + ") AS " + name : name;
    }

    @Override
    public boolean datesAsText() {
        return false;
    }
}
