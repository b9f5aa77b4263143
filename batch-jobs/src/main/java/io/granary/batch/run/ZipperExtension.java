package io.granary.batch.run;

import io.granary.batch.compile.InputDays;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableStore;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.ModelNode;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The rows of an scd2 table from its present version and one snapshot that is newer than all in it: the same rows that
 * {@link Zipper} derives from all snapshots, at a cost that does not grow with their number.
 */
final class ZipperExtension {
    private final ModelNode model;
    private final TableName table;

    ZipperExtension(ModelNode model) {
        this.model = model;
        this.table = TableName.parse(model.table());
    }

    /** The day of the one snapshot that came since the present version was made; empty when more than that changed. */
    Optional<LocalDate> day(TableStore store, Provenance now) {
        if (!InputDays.readsNothingLater(model)) {
            return Optional.empty();
        }
        return store.partitions(table).stream()
                .findFirst()
                .flatMap(store::provenance)
                .filter(made ->
                        made.producer().equals(model.id()) && made.sqlHash().equals(model.hash()))
                .flatMap(made -> added(made, now));
    }

    /** Everything that was read then is read now as it was, and what came besides is of one later day. */
    static Optional<LocalDate> added(Provenance before, Provenance now) {
        Map<String, Map<String, String>> earlier = new HashMap<>();
        before.inputs().forEach(input -> earlier.put(input.table(), input.partitions()));
        TreeSet<LocalDate> added = new TreeSet<>();
        for (Provenance.Input input : now.inputs()) {
            Map<String, String> then = earlier.getOrDefault(input.table(), Map.of());
            if (!input.partitions().entrySet().containsAll(then.entrySet())) {
                return Optional.empty();
            }
            for (String partition : input.partitions().keySet()) {
                if (then.containsKey(partition)) {
                    continue;
                }
                Optional<LocalDate> day =
                        partition.isEmpty() ? Optional.empty() : Inputs.day(PartitionSpec.parse(partition));
                if (day.isEmpty()) {
                    return Optional.empty();
                }
                added.add(day.get());
            }
        }
        TreeSet<LocalDate> known = new TreeSet<>(Zipper.days(before));
        boolean oneLater =
                added.size() == 1 && !known.isEmpty() && added.first().isAfter(known.last());
        return oneLater ? Optional.of(added.first()) : Optional.empty();
    }

    /** The statement. */
    String rows(LocalDate day) {
        List<String> names = model.columns().stream().map(ColumnNode::name).toList();
        String columns = names.stream().map(Zipper::quoted).collect(Collectors.joining(", "));
        String keys = model.key().stream()
                .map(key -> "c." + Zipper.quoted(key) + " <=> s." + Zipper.quoted(key))
                .collect(Collectors.joining(" AND "));
        String unchanged =
                "s.granary_there IS NOT NULL AND struct(" + tracked("c") + ") <=> struct(" + tracked("s") + ")";
        String kept = names.stream()
                .map(name -> model.key().contains(name)
                        ? "c." + Zipper.quoted(name)
                        : "IF(" + unchanged + ", s." + Zipper.quoted(name) + ", c." + Zipper.quoted(name) + ") AS "
                                + Zipper.quoted(name))
                .collect(Collectors.joining(", "));
        String came = names.stream().map(name -> "s." + Zipper.quoted(name)).collect(Collectors.joining(", "));
        return "WITH granary_snapshot AS (\n    SELECT " + columns + ", true AS granary_there\n    FROM (\n"
                + Parameters.bind(model.sql(), Map.of("ds", day.toString()), model.file()) + "\n    ) AS snapshot\n),\n"
                + "granary_current AS (\n    SELECT * FROM " + table + " WHERE is_current\n)\n"
                + "SELECT " + columns + ", valid_from, valid_to, is_current\nFROM " + table + "\nWHERE NOT is_current\n"
                + "UNION ALL\n"
                + "SELECT " + kept + ",\n    c.valid_from, IF(" + unchanged + ", '" + Zipper.OPEN + "', '" + day
                + "') AS valid_to, " + unchanged + " AS is_current\n"
                + "FROM granary_current AS c\nLEFT JOIN granary_snapshot AS s ON " + keys + "\n"
                + "UNION ALL\n"
                + "SELECT " + came + ", '" + day + "' AS valid_from, '" + Zipper.OPEN
                + "' AS valid_to, true AS is_current\n"
                + "FROM granary_snapshot AS s\nLEFT JOIN granary_current AS c ON " + keys + "\n"
                + "WHERE c.is_current IS NULL OR NOT (struct(" + tracked("c") + ") <=> struct(" + tracked("s") + "))";
    }

    private String tracked(String side) {
        return model.tracked().stream()
                .map(name -> side + "." + Zipper.quoted(name))
                .collect(Collectors.joining(", "));
    }
}
