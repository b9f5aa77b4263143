package io.granary.ingestion.sync.export;

import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.ingestion.sync.jdbc.Dialect;
import io.granary.tablestore.Column;
import io.granary.tablestore.TableSchema;
import io.granary.warehouse.config.DatabaseType;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ExportNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The table of an export in the sharing layer: InnoDB, so that a day changes in one transaction, and texts compared byte by
 * byte, so that two keys of the warehouse stay two keys.
 */
public record ExportTable(ExportNode export, TableSchema schema) {
    private static final Dialect SQL = Dialect.of(DatabaseType.MARIADB);
    /** InnoDB's longest index entry. */
    private static final int KEY_BYTES = 3072;

    private static final int BYTES_PER_CHARACTER = 4;
    private static final int OTHER_KEY_BYTES = 20;
    private static final int KEY_CHARACTERS = 255;

    public ExportTable {
        List<String> names = names(schema);
        for (String key : export.key()) {
            if (!names.contains(key)) {
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        "export " + export.id() + ": key column '" + key + "' is not in " + schema.name()
                                + ", which has " + String.join(", ", names));
            }
        }
        if (export.key().isEmpty()) {
            throw new GranaryException(ErrorCode.DEFINITION, "export " + export.id() + " has no key");
        }
    }

    /**
     * Creates the table when it is missing.
     *
     * @throws GranaryException when it is there with other columns, each named
     */
    public void ensure(Database database) {
        List<DatabaseColumn> found = database.columns(export.table());
        if (found.isEmpty()) {
            database.execute(ddl());
            return;
        }
        Map<String, String> wanted = new LinkedHashMap<>();
        columns().forEach(c -> wanted.put(c.name(), comparable(c.type())));
        List<String> differences = new ArrayList<>();
        for (DatabaseColumn column : found) {
            String type = wanted.remove(column.hiveName());
            if (type == null) {
                differences.add(column.name() + " is in the database only");
            } else if (!type.equals(comparable(column.hiveType()))) {
                differences.add(
                        column.name() + " is " + column.hiveType() + " in the database, " + type + " in the warehouse");
            }
        }
        wanted.forEach((name, type) -> differences.add(name + " " + type + " is not in the database"));
        if (!differences.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "export " + export.id() + ": table " + export.table() + " in connection " + database.address()
                            + " has other columns than " + schema.name() + ": " + String.join("; ", differences)
                            + ". Alter it, or drop it and export its days again.");
        }
    }

    /** The statement that makes the table. */
    public String ddl() {
        int characters = keyCharacters();
        String columns = columns().stream()
                .map(c -> "  " + SQL.quoted(c.name()) + " " + type(c, characters)
                        + (isKey(c) ? " NOT NULL" : " NULL")
                        + (c.comment().isEmpty() ? "" : " COMMENT " + SQL.literal(c.comment())))
                .collect(Collectors.joining(",\n"));
        return "CREATE TABLE " + SQL.quoted(export.table()) + " (\n" + columns + ",\n  PRIMARY KEY ("
                + export.key().stream().map(SQL::quoted).collect(Collectors.joining(", ")) + ")"
                + (export.key().get(0).equals("ds") ? "" : ",\n  KEY (`ds`)")
                + "\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin";
    }

    private List<Column> columns() {
        List<Column> columns = new ArrayList<>(schema.columns());
        columns.addAll(schema.partitionColumns());
        return columns;
    }

    private static List<String> names(TableSchema schema) {
        List<String> names = new ArrayList<>();
        schema.columns().forEach(c -> names.add(c.name()));
        schema.partitionColumns().forEach(c -> names.add(c.name()));
        return names;
    }

    private boolean isKey(Column column) {
        return export.key().contains(column.name());
    }

    /** How many characters a text in the key may have, so that the whole key fits into an index entry. */
    private int keyCharacters() {
        long texts =
                columns().stream().filter(c -> isKey(c) && isText(c.type())).count();
        if (texts == 0) {
            return KEY_CHARACTERS;
        }
        long left = KEY_BYTES - OTHER_KEY_BYTES * (export.key().size() - texts);
        return (int) Math.min(KEY_CHARACTERS, left / texts / BYTES_PER_CHARACTER);
    }

    private String type(Column column, int keyCharacters) {
        String type = column.type().toLowerCase(Locale.ROOT);
        if (isText(type)) {
            // ds is indexed even where it is no part of the key
            return isKey(column) || column.name().equals("ds") ? "VARCHAR(" + keyCharacters + ")" : "MEDIUMTEXT";
        }
        if (type.startsWith("decimal(")) {
            return type.toUpperCase(Locale.ROOT);
        }
        return switch (type) {
            case "boolean" -> "TINYINT(1)";
            case "tinyint", "smallint", "int", "bigint", "float", "double", "date" -> type.toUpperCase(Locale.ROOT);
            case "timestamp" -> "DATETIME(6)";
            case "binary" -> "LONGBLOB";
            default ->
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        "export " + export.id() + ": column '" + column.name() + "' of " + schema.name() + " is "
                                + column.type()
                                + ", which a database table cannot hold. Make a text of it in the model.");
        };
    }

    private static boolean isText(String type) {
        String lower = type.toLowerCase(Locale.ROOT);
        return lower.equals("string") || lower.startsWith("varchar") || lower.startsWith("char");
    }

    /** Types that hold the same values compare equal. */
    private static String comparable(String type) {
        String lower = type.toLowerCase(Locale.ROOT).replace(" ", "");
        if (isText(lower)) {
            return "string";
        }
        return switch (lower) {
            case "boolean", "tinyint", "smallint" -> "int";
            default -> lower;
        };
    }
}
