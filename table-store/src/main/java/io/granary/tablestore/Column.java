package io.granary.tablestore;

/** A column; {@code type} is a Hive type as DDL writes it, {@code comment} may be empty. */
public record Column(String name, String type, String comment) {
    public Column(String name, String type) {
        this(name, type, "");
    }
}
