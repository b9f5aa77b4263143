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

    private static final String NULL = "CAST(NULL AS BIGINT)";

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
                    new Column("reclassified", "bigint", "By the model and dimensions of now, or of the stream."),
                    new Column("sketch_error", "bigint", "What a HyperLogLog of the right members says too much."),
                    new Column("unexplained", "bigint", "What is left of redis - batch."),
                    new Column("differing", "bigint", "Numbers that differ: 1; in a total how many."),
                    new Column("compared", "bigint", "In a total: how many numbers were compared."),
                    new Column("overflow", "bigint", "In a total: rows that are counted under %more."),
                    new Column("is_corrected", "boolean", "Whether Redis was made to say what batch says."),
                    new Column("checked_at", "timestamp", "When Redis was read."),
                    new Column("before_start", "bigint", "Of lines or events from before the counter began."),
                    new Column("not_sealed", "bigint", "Of lines that were counted and are not sealed."),
                    new Column("sketch_bound", "bigint", "Nearly all sketches of so many members err by less."),
                    new Column("notes", "string", "In a total: what was not compared, and which logs are not sealed.")),
            List.of(
                    new Column("ds", "string", "Day of the windows in the source's zone."),
                    new Column("counter", "string", "Counter, <subject>.<name>.")),
            "What real-time counters and batch tables do not agree on, and why.");

    void publish(List<Comparison> comparisons, boolean isCorrected) {
        store.ensure(SCHEMA);
        RunId run = RunId.next(clock);
        Map<PartitionSpec, Comparison> partitions = new LinkedHashMap<>();
        comparisons.forEach(
                c -> partitions.put(PartitionSpec.of("ds", c.scope().ds().toString(), "counter", c.counter()), c));
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
                + SqlText.of(partition.values().get(0)) + ", counter = "
                + SqlText.of(partition.values().get(1))
                + ")\nSELECT /*+ COALESCE(1) */ " + columns + " FROM VALUES\n" + String.join(",\n", rows) + "\nAS v ("
                + names + ")";
    }

    private static String row(Comparison found, Difference d, boolean isCorrected) {
        return cells(
                SqlText.of("difference"),
                SqlText.of(d.cell().window()),
                millis(Instant.ofEpochSecond(d.cell().bucket())),
                SqlText.of(values(found, d.cell())),
                SqlText.of(measure(d.cell())),
                d.redis() + "L",
                d.batch() + "L",
                d.late() + "L",
                d.quarantined() + "L",
                d.reclassified() + "L",
                d.sketch() + "L",
                d.unexplained() + "L",
                "1L",
                NULL,
                NULL,
                Boolean.toString(isCorrected),
                millis(found.scope().now()),
                d.beforeStart() + "L",
                d.notSealed() + "L",
                isSketch(found, d)
                        ? Difference.bound(Math.max(0, d.redis() - d.sketch() - d.unexplained())) + "L"
                        : NULL,
                "CAST(NULL AS STRING)");
    }

    private static boolean isSketch(Comparison found, Difference d) {
        return found.scope().kind(d.cell()) == Difference.Kind.SKETCH;
    }

    private static String total(Comparison found, List<Difference> all, boolean isCorrected) {
        return cells(
                SqlText.of("total"),
                "CAST(NULL AS STRING)",
                NULL,
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
                millis(found.scope().now()),
                sum(all, Difference::beforeStart),
                sum(all, Difference::notSealed),
                NULL,
                found.notes().isEmpty() ? "CAST(NULL AS STRING)" : SqlText.of(String.join("\n", found.notes())));
    }

    private static String sum(List<Difference> all, ToLongFunction<Difference> part) {
        return all.stream().mapToLong(part).sum() + "L";
    }

    /** {@code column=value} of each dimension, for people. */
    static String values(Comparison found, Cell cell) {
        List<String> by = found.scope().counter().node().by();
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
}
