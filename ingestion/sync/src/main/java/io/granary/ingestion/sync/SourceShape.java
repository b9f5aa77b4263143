package io.granary.ingestion.sync;

import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.manifest.TableRead;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the database says of a source's tables now; nobody lists columns.
 *
 * @param tables one, or the shards in the order of their names
 * @param columns the same in all of them
 * @param splitKey column by which the read is split, or null
 */
record SourceShape(List<String> tables, List<DatabaseColumn> columns, String splitKey) {
    private static final String DS = "ds";
    private static final Set<String> SPLITTABLE = Set.of("tinyint", "smallint", "int", "bigint", "date", "string");

    /**
     * Asks the database.
     *
     * @throws GranaryException when there is no such table, shards differ, or a column of the source's definition is not
     *     there
     */
    static SourceShape of(SourceNode source, Database database) {
        TableRead read = read(source);
        List<String> tables = read.tables() == null ? List.of(source.sourceTable()) : database.tables(read.tables());
        List<DatabaseColumn> columns = tables.isEmpty() ? List.of() : database.columns(tables.get(0));
        if (columns.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    "source " + source.qualifiedName() + ": connection " + database.address() + " has no table '"
                            + (read.tables() == null ? source.sourceTable() : read.tables()) + "'; there are: "
                            + String.join(", ", database.tables()));
        }
        List<String> differences = new ArrayList<>();
        for (String shard : tables.subList(1, tables.size())) {
            differences.addAll(differences(tables.get(0), columns, shard, database.columns(shard)));
        }
        if (!differences.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "source " + source.qualifiedName() + ": the tables " + read.tables()
                            + " have different columns:\n  "
                            + String.join("\n  ", differences)
                            + "\nMake them the same, or offer them through views that are.");
        }
        SourceShape shape = new SourceShape(tables, columns, null);
        shape.refuseNames(source);
        return new SourceShape(tables, columns, shape.splitKey(source));
    }

    /** How a source is read; never null. */
    static TableRead read(SourceNode source) {
        return source.read() == null ? TableRead.WHOLE : source.read();
    }

    /** Whether the source is cut into shard tables. */
    static boolean isSharded(SourceNode source) {
        return read(source).tables() != null;
    }

    private static List<String> differences(
            String first, List<DatabaseColumn> columns, String shard, List<DatabaseColumn> found) {
        Map<String, String> types = new LinkedHashMap<>();
        found.forEach(column -> types.put(column.name(), column.hiveType()));
        List<String> lines = new ArrayList<>();
        for (DatabaseColumn column : columns) {
            String type = types.remove(column.name());
            if (type == null) {
                lines.add(
                        shard + " has no column " + column.name() + ", which is " + column.hiveType() + " in " + first);
            } else if (!type.equals(column.hiveType())) {
                lines.add("column " + column.name() + " is " + type + " in " + shard + ", " + column.hiveType() + " in "
                        + first);
            }
        }
        types.forEach(
                (name, type) -> lines.add(shard + " has a column " + name + " " + type + ", " + first + " has not"));
        return lines;
    }

    private void refuseNames(SourceNode source) {
        Set<String> names = new HashSet<>(Set.of(DS));
        if (isSharded(source)) {
            names.add(SyncJobs.SOURCE_TABLE);
        }
        for (DatabaseColumn column : columns) {
            if (!names.add(column.hiveName())) {
                throw new GranaryException(
                        ErrorCode.DATA,
                        "source " + source.qualifiedName() + ": table " + tables.get(0) + " has a column "
                                + column.name() + ", but " + column.hiveName()
                                + " is already there in Hive (" + String.join(", ", names)
                                + "; case does not count). Offer it under another name through a view.");
            }
        }
    }

    /** The one named, else the primary key when it is one column that can be cut into ranges. */
    private String splitKey(SourceNode source) {
        if (source.splitKey() != null) {
            return column(source, "split_key", source.splitKey()).name();
        }
        List<DatabaseColumn> key = columns.stream().filter(c -> c.key() > 0).toList();
        boolean cut = key.size() == 1
                && (SPLITTABLE.contains(key.get(0).hiveType())
                        || key.get(0).hiveType().endsWith(",0)"));
        return cut ? key.get(0).name() : null;
    }

    /** A column that the source's definition names; case does not count where only one fits. */
    DatabaseColumn column(SourceNode source, String what, String name) {
        Optional<DatabaseColumn> exact =
                columns.stream().filter(c -> c.name().equals(name)).findFirst();
        return exact.or(() -> columns.stream()
                        .filter(c -> c.name().equalsIgnoreCase(name))
                        .findFirst())
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.DEFINITION,
                        "source " + source.qualifiedName() + ": " + what + " is '" + name + "', but table "
                                + tables.get(0) + " has no such column; it has "
                                + String.join(
                                        ", ",
                                        columns.stream()
                                                .map(DatabaseColumn::name)
                                                .toList())));
    }
}
