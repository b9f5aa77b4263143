package io.granary.ingestion.sync.jdbc;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.Locale;

/**
 * A column of a MariaDB table and the Hive type that holds every value of it: unsigned integers one size up, DATETIME as
 * the wall clock it shows, TIME as text.
 *
 * @param hiveType such as {@code decimal(12,2)}
 */
public record DatabaseColumn(String name, String hiveType, String comment) {
    /** Most digits a Hive decimal has. */
    public static final int MAX_DIGITS = 38;

    public static DatabaseColumn of(String table, String name, String type, int size, int scale, String comment) {
        return new DatabaseColumn(name, hive(table, name, type, size, scale), comment == null ? "" : comment);
    }

    /** The column's name in Hive. */
    public String hiveName() {
        return name.toLowerCase(Locale.ROOT);
    }

    private static String hive(String table, String name, String type, int size, int scale) {
        boolean unsigned = type.contains("unsigned");
        String base = type.split("[ (]", 2)[0];
        return switch (base) {
            case "tinyint", "smallint", "mediumint", "year", "bool", "boolean" -> "int";
            case "int", "integer" -> unsigned ? "bigint" : "int";
            case "bigint" -> unsigned ? "decimal(20,0)" : "bigint";
            case "decimal", "numeric" -> decimal(table, name, size, scale);
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
            default ->
                throw new GranaryException(
                        ErrorCode.DATA,
                        "column " + table + "." + name + " has type '" + type
                                + "', which cannot be synced. Offer it through a view that casts it, and name the view as"
                                + " the source's table.");
        };
    }

    private static String decimal(String table, String name, int size, int scale) {
        if (size > MAX_DIGITS) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "column " + table + "." + name + " is decimal(" + size + "," + scale + "); Hive holds " + MAX_DIGITS
                            + " digits. Offer it through a view that casts it to a narrower decimal or to char.");
        }
        return "decimal(" + size + "," + scale + ")";
    }
}
