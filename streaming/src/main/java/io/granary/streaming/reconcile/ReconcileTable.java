package io.granary.streaming.reconcile;

import io.granary.tablestore.Column;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.RunId;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableSchema;
import io.granary.tablestore.TableStore;
import io.granary.tablestore.TableStore.Staging;
import io.granary.warehouse.redis.RedisKeys;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The table of what was found: a partition for each day and counter, whole or not at all. */
record ReconcileTable(SqlSession sql, TableStore store, Clock clock) {
    static final TableName NAME = new TableName("ads", "granary_counter_reconcile");
    /** Rows of a counter that are kept, unexplained ones first; the total is of all. */
    static final int KEPT = 10_000;

    static final TableSchema SCHEMA = new TableSchema(
            NAME,
            List.of(
                    new Column("kind", "string", "difference, or total: the sums of all differences of the counter."),
                    new Column("window", "string", "Window; NULL in a total."),
                    new Column("bucket", "timestamp", "Begin of the window's bucket; NULL in a total."),
                    new Column("by_values", "string", "column=value of the counter's by, %more beyond max_keys."),
                    new Column("measure", "string", "Measure; (rows) for the number of rows."),
                    new Column("redis", "bigint", "Number in Redis."),
                    new Column("batch", "bigint", "The same number by the batch table."),
                    new Column("late", "bigint", "Not read by the stream yet, or dropped as late or future."),
                    new Column("quarantined", "bigint", "Of lines that were loaded from quarantine later."),
                    new Column("reclassified", "bigint", "The model's SQL over the lines of now, less the table."),
                    new Column("sketch_error", "bigint", "Error of a HyperLogLog within 3 x 0.81 %, at least 1."),
                    new Column("unexplained", "bigint", "What is left of redis - batch."),
                    new Column("differing", "bigint", "Numbers that differ: 1; in a total how many."),
                    new Column("compared", "bigint", "In a total: how many numbers were compared."),
                    new Column("overflow", "bigint", "In a total: rows that are counted under %more."),
                    new Column("is_corrected", "boolean", "Whether Redis was made to say what batch says."),
                    new Column("checked_at", "timestamp", "When Redis was read.")),
            List.of(
                    new Column("ds", "string", "Day of the windows in the source's zone."),
                    new Column("counter", "string", "Counter, <subject>.<name>.")),
            "What real-time counters and batch tables do not agree on, and why.");

    void publish(List<Comparison> comparisons, boolean isCorrected) {
        store.ensure(SCHEMA);
        RunId run = RunId.next(clock);
        Map<PartitionSpec, Comparison> partitions = new LinkedHashMap<>();
        comparisons.forEach(
                c -> partitions.put(PartitionSpec.of("ds", c.day().ds().toString(), "counter", c.counter()), c));
        Staging staging = store.stage(NAME, run, partitions.keySet());
        boolean isPublished = false;
        try {
            partitions.forEach(
                    (partition, found) -> sql.execute(insert(staging.table(), partition, found, isCorrected)));
            store.publish(staging, partitions.keySet(), new Provenance("reconcile", "", List.of()));
            isPublished = true;
        } finally {
            if (!isPublished) {
                store.discard(staging);
            }
        }
    }

    static String insert(TableName into, PartitionSpec partition, Comparison found, boolean isCorrected) {
        List<String> rows = new ArrayList<>();
        List<Difference> all = found.all();
        all.stream().limit(KEPT).forEach(d -> rows.add(row(found, d, isCorrected)));
        rows.add(total(found, all, isCorrected));
        String columns = String.join(
                ", ",
                SCHEMA.columns().stream()
                        .map(c -> c.type().equals("timestamp")
                                ? "TIMESTAMP_MILLIS(`" + c.name() + "`)"
                                : "CAST(`" + c.name() + "` AS " + c.type() + ")")
                        .toList());
        String names = String.join(
                ", ", SCHEMA.columns().stream().map(c -> "`" + c.name() + "`").toList());
        return "INSERT OVERWRITE TABLE " + into + " PARTITION (ds = "
                + text(partition.values().get(0)) + ", counter = "
                + text(partition.values().get(1))
                + ")\nSELECT /*+ COALESCE(1) */ " + columns + " FROM VALUES\n" + String.join(",\n", rows) + "\nAS v ("
                + names + ")";
    }

    private static String row(Comparison found, Difference d, boolean isCorrected) {
        return cells(
                text("difference"),
                text(d.cell().window()),
                millis(Instant.ofEpochSecond(d.cell().bucket())),
                text(values(found, d.cell())),
                text(measure(d.cell())),
                d.redis() + "L",
                d.batch() + "L",
                d.late() + "L",
                d.quarantined() + "L",
                d.reclassified() + "L",
                d.sketch() + "L",
                d.unexplained() + "L",
                "1L",
                "CAST(NULL AS BIGINT)",
                "CAST(NULL AS BIGINT)",
                Boolean.toString(isCorrected),
                millis(found.day().now()));
    }

    private static String total(Comparison found, List<Difference> all, boolean isCorrected) {
        return cells(
                text("total"),
                "CAST(NULL AS STRING)",
                "CAST(NULL AS BIGINT)",
                "CAST(NULL AS STRING)",
                "CAST(NULL AS STRING)",
                sum(all, Difference::redis),
                sum(all, Difference::batch),
                sum(all, Difference::late),
                sum(all, Difference::quarantined),
                sum(all, Difference::reclassified),
                sum(all, Difference::sketch),
                sum(all, Difference::unexplained),
                all.size() + "L",
                found.cells() + "L",
                found.more() + "L",
                Boolean.toString(isCorrected),
                millis(found.day().now()));
    }

    private static String sum(List<Difference> all, ToLongFunction<Difference> part) {
        return all.stream().mapToLong(part).sum() + "L";
    }

    /** {@code column=value} of each dimension, for people. */
    static String values(Comparison found, Cell cell) {
        List<String> by = found.day().counter().node().by();
        if (cell.isMore()) {
            return RedisKeys.MORE;
        }
        List<String> values = RedisKeys.decodeBy(cell.by(), by.size());
        List<String> named = new ArrayList<>();
        for (int i = 0; i < by.size(); i++) {
            named.add(by.get(i) + "=" + (values.get(i) == null ? "NULL" : values.get(i)));
        }
        return String.join(", ", named);
    }

    static String measure(Cell cell) {
        return cell.measure().equals(Cell.ROWS) ? "(rows)" : cell.measure();
    }

    private static String cells(String... cells) {
        return "(" + String.join(", ", cells) + ")";
    }

    private static String millis(Instant at) {
        return at.toEpochMilli() + "L";
    }

    private static String text(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
