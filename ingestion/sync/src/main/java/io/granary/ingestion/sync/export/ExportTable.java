package io.granary.ingestion.sync.export;

import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.ingestion.sync.jdbc.Dialect;
import io.granary.tablestore.Column;
import io.granary.tablestore.TableSchema;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ExportNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.orc.TypeDescription;

/**
 * The table of an export in the sharing layer. A day of it changes in one transaction; texts are compared byte by byte, so
 * that two keys of the warehouse stay two keys.
 */
record ExportTable(ExportNode export, TableSchema schema, Database database) {
    /** The longest index entry of InnoDB; PostgreSQL's is a little shorter, and of single values only. */
    private static final int KEY_BYTES = 3072;

    private static final int BYTES_PER_CHARACTER = 4;
    private static final int OTHER_KEY_BYTES = 20;
    private static final int KEY_CHARACTERS = 255;

    ExportTable {
        List<String> names = columns(schema).stream().map(Column::name).toList();
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

    boolean exists() {
        return !database.columns(export.table()).isEmpty();
    }

    /** Creates it under a name. */
    void create(String name) {
        ddl(name).forEach(database::execute);
    }

    /**
     * Gives the table the columns that the warehouse has got since; they may be NULL.
     *
     * @return what was added, for people
     * @throws GranaryException when there are other differences, each named; then nothing was changed
     */
    List<String> align() {
        Map<String, Column> wanted = new LinkedHashMap<>();
        columns(schema).forEach(c -> wanted.put(c.name(), c));
        List<String> differences = new ArrayList<>();
        for (DatabaseColumn column : database.columns(export.table())) {
            Column ours = wanted.remove(column.hiveName());
            if (ours == null) {
                differences.add(column.name() + " is in the database only");
            } else if (!comparable(ours.type()).equals(comparable(column.hiveType()))) {
                differences.add(column.name() + " is " + column.hiveType() + " in the database, "
                        + comparable(ours.type()) + " in the warehouse");
            }
        }
        wanted.values().stream()
                .filter(this::isKey)
                .forEach(c -> differences.add("key column " + c.name() + " " + c.type() + " is not in the database"));
        if (!differences.isEmpty()) {
            wanted.values().stream()
                    .filter(c -> !isKey(c))
                    .forEach(c -> differences.add(c.name() + " " + c.type() + " is not in the database"));
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "export " + export.id() + ": table " + export.table() + " in connection " + database.address()
                            + " has other columns than " + schema.name() + ": " + String.join("; ", differences)
                            + ". Alter it, or drop it and export its days again.");
        }
        return wanted.values().stream().map(this::add).toList();
    }

    private String add(Column column) {
        database.execute("ALTER TABLE " + sql().table(export.table()) + " ADD " + definition(column, keyCharacters()));
        return column.name() + " " + column.type();
    }

    /** The columns of the database that the warehouse has, in the warehouse's order. */
    List<DatabaseColumn> found(String table) {
        Map<String, DatabaseColumn> byName =
                database.columns(table).stream().collect(Collectors.toMap(DatabaseColumn::hiveName, c -> c));
        return columns(schema).stream().map(c -> byName.get(c.name())).toList();
    }

    /** Names of the columns in the warehouse's order, the partition's last. */
    List<String> names() {
        return columns(schema).stream().map(Column::name).toList();
    }

    /** The columns as they travel, in the warehouse's order. */
    TypeDescription types() {
        TypeDescription types = TypeDescription.createStruct();
        columns(schema).forEach(c -> types.addField(c.name(), TypeDescription.fromString(c.type())));
        return types;
    }

    private List<String> ddl(String name) {
        int characters = keyCharacters();
        String body = columns(schema).stream()
                .map(c -> "  " + definition(c, characters))
                .collect(Collectors.joining(",\n"));
        List<String> statements = new ArrayList<>();
        statements.add("CREATE TABLE " + sql().table(name) + " (\n" + body + ",\n  PRIMARY KEY ("
                + export.key().stream().map(sql()::quoted).collect(Collectors.joining(", ")) + ")\n)"
                + sharing().tableOptions());
        if (!export.key().get(0).equals("ds")) {
            statements.add("CREATE INDEX " + sql().quoted(name + "_ds") + " ON " + sql().table(name) + " ("
                    + sql().quoted("ds") + ")");
        }
        columns(schema).stream()
                .filter(c -> !c.comment().isEmpty())
                .map(c -> sharing().comment(name, c.name(), c.comment()))
                .filter(s -> !s.isEmpty())
                .forEach(statements::add);
        return statements;
    }

    private String definition(Column column, int keyCharacters) {
        // ds is indexed even where it is no part of the key
        boolean indexed = isKey(column) || column.name().equals("ds");
        String type = column.type().toLowerCase(Locale.ROOT);
        return sql().quoted(column.name()) + " "
                + sql().columnType(export.table() + "." + column.name(), type, indexed ? keyCharacters : 0)
                + (isText(type) ? sharing().textOptions() : "")
                + (isKey(column) ? " NOT NULL" : " NULL")
                + (column.comment().isEmpty() ? "" : sharing().inlineComment(column.comment()));
    }

    private static List<Column> columns(TableSchema schema) {
        List<Column> columns = new ArrayList<>(schema.columns());
        columns.addAll(schema.partitionColumns());
        return columns;
    }

    private boolean isKey(Column column) {
        return export.key().contains(column.name());
    }

    /** How many characters a text in the key may have, so that the whole key fits into an index entry. */
    private int keyCharacters() {
        long texts = columns(schema).stream()
                .filter(c -> isKey(c) && isText(c.type()))
                .count();
        if (texts == 0) {
            return KEY_CHARACTERS;
        }
        long left = KEY_BYTES - OTHER_KEY_BYTES * (export.key().size() - texts);
        return (int) Math.min(KEY_CHARACTERS, left / texts / BYTES_PER_CHARACTER);
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

    private Dialect sql() {
        return database.dialect();
    }

    private SharingSql sharing() {
        return SharingSql.of(database);
    }
}
