package io.granary.batch.run;

import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Provenance;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.ModelNode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The rows of an scd2 table, derived from all daily snapshots: whatever order the days came in, the versions are the
 * same. A day that comes after all others is cheaper to add: {@link ZipperExtension}. A version begins on the first day on which a key has other tracked values than
 * on the snapshot before, or was not in it; it ends on the first snapshot that has the key no more, or has it
 * otherwise. Columns that are not tracked show their last value within the version.
 */
final class Zipper {
    /** What {@code valid_to} is for the current version. */
    static final String OPEN = "9999-12-31";

    private final ModelNode model;

    Zipper(ModelNode model) {
        this.model = model;
    }

    /** The days of the snapshots that were read. */
    static Collection<LocalDate> days(Provenance provenance) {
        TreeSet<LocalDate> days = new TreeSet<>();
        for (Provenance.Input input : provenance.inputs()) {
            for (String partition : input.partitions().keySet()) {
                if (!partition.isEmpty()) {
                    Inputs.day(PartitionSpec.parse(partition)).ifPresent(days::add);
                }
            }
        }
        return days;
    }

    /** The statement; without a day it yields no row. */
    String rows(Collection<LocalDate> days) {
        String key = list(model.key());
        String each = key + " ORDER BY granary_number";
        String tracked = model.tracked().stream().map(Zipper::quoted).collect(Collectors.joining(", "));
        String others = model.columns().stream()
                .map(ColumnNode::name)
                .map(name -> model.key().contains(name)
                        ? quoted(name)
                        : "max_by(" + quoted(name) + ", granary_number) AS " + quoted(name))
                .collect(Collectors.joining(", "));
        return "WITH granary_snapshot AS (\n" + snapshots(days) + "\n),\n"
                + "granary_change AS (\n    SELECT *,\n"
                + "        lag(granary_number) OVER (PARTITION BY " + each + ") AS granary_seen,\n"
                + "        lag(struct(" + tracked + ")) OVER (PARTITION BY " + each + ") AS granary_before\n"
                + "    FROM granary_snapshot\n),\n"
                + "granary_version AS (\n    SELECT *,\n"
                + "        sum(CASE WHEN granary_seen = granary_number - 1 AND granary_before <=> struct(" + tracked
                + ") THEN 0 ELSE 1 END)\n            OVER (PARTITION BY " + each + ") AS granary_version\n"
                + "    FROM granary_change\n)\n"
                + "SELECT " + others + ",\n    min(granary_day) AS valid_from,\n"
                + "    max_by(granary_next, granary_number) AS valid_to,\n"
                + "    max_by(granary_next, granary_number) = '" + OPEN + "' AS is_current\n"
                + "FROM granary_version\nGROUP BY " + key + ", granary_version";
    }

    /** Every snapshot with its day, its number and the day of the next one. */
    private String snapshots(Collection<LocalDate> days) {
        List<LocalDate> sorted = new ArrayList<>(new TreeSet<>(days));
        String columns = list(model.columns().stream().map(ColumnNode::name).toList());
        List<String> each = new ArrayList<>();
        for (int i = 0; i < sorted.size(); i++) {
            String next = i + 1 < sorted.size() ? sorted.get(i + 1).toString() : OPEN;
            each.add(snapshot(columns, sorted.get(i).toString(), i, next));
        }
        return each.isEmpty()
                ? snapshot(columns, "0001-01-01", 0, OPEN) + "\nLIMIT 0"
                : String.join("\nUNION ALL\n", each);
    }

    private String snapshot(String columns, String day, int number, String next) {
        return "SELECT " + columns + ", '" + day + "' AS granary_day, " + number + " AS granary_number, '" + next
                + "' AS granary_next\nFROM (\n" + Parameters.bind(model.sql(), Map.of("ds", day), model.file())
                + "\n) AS snapshot";
    }

    private static String list(List<String> columns) {
        return columns.stream().map(Zipper::quoted).collect(Collectors.joining(", "));
    }

    static String quoted(String column) {
        return "`" + column + "`";
    }
}
