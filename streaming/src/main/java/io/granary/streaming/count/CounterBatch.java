package io.granary.streaming.count;

import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.checkpoint.FileKey;
import io.granary.streaming.checkpoint.Intervals;
import io.granary.streaming.checkpoint.JoinedLines;
import io.granary.streaming.checkpoint.Marks;
import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.store.CounterStore;
import io.granary.streaming.store.Slices;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The body of one micro-batch. Running a batch again, whole or after a crash at any step, leaves Redis as one run would
 * have left it.
 */
public final class CounterBatch {
    private static final Logger LOG = LoggerFactory.getLogger(CounterBatch.class);

    /** Up to so many files the tasks are told of all. */
    private static final int FEW = 1000;
    /** Lines of a file that was quiet for longer are mostly new; when they are not, the batch is counted once more. */
    private static final Duration LATELY = Duration.ofHours(1);

    private final StreamQuery query;
    private final CounterRows rows;
    private final Checkpoint checkpoint;
    private final CounterStore store;
    private final Clock clock;
    private final int sliceSize;
    private final BatchStep.Observer observer;
    private final Consumer<BatchReport> reports;
    private Marks newest = Marks.NONE;

    /**
     * @param sliceSize how many deltas a slice of a new batch has; one that is stored keeps its own
     * @param reports is told of every batch that was counted, once it is in Redis
     */
    public CounterBatch(
            StreamQuery query,
            CounterRows rows,
            Checkpoint checkpoint,
            CounterStore store,
            Clock clock,
            int sliceSize,
            BatchStep.Observer observer,
            Consumer<BatchReport> reports) {
        this.query = query;
        this.rows = rows;
        this.checkpoint = checkpoint;
        this.store = store;
        this.clock = clock;
        this.sliceSize = sliceSize;
        this.observer = observer;
        this.reports = reports;
    }

    /** A batch whose deltas and marks are stored, and may yet have to be applied. */
    private record Stored(Marks marks, Slices slices, CountedBatch counted, boolean isExact, long[] times) {}

    /** @param records of the query's topic: {@code partition INT, offset BIGINT, value BINARY} */
    public void run(Dataset<Row> records, long batch) {
        Stored stored = checkpoint
                .marks(batch)
                .map(marks -> new Stored(marks, checkpoint.slices(batch), null, false, null))
                .orElseGet(() -> count(records, before(batch)));
        long start = System.nanoTime();
        long refused = store.refusals();
        store.apply(batch, stored.slices(), observer);
        observer.done(BatchStep.ALL_APPLIED);
        store.completed(stored.marks());
        observer.done(BatchStep.AS_OF_WRITTEN);
        newest = stored.marks();
        if (stored.counted() != null) {
            reports.accept(report(batch, stored, store.refusals() - refused, System.nanoTime() - start));
        }
    }

    private Stored count(Dataset<Row> records, Marks before) {
        long start = System.nanoTime();
        Instant now = clock.instant();
        Map<FileKey, Intervals> known = known(before, now);
        CountedBatch counted = rows.count(records, new Known(known, null), now);
        Set<FileKey> unknown = counted.chunks().files();
        unknown.removeAll(known.keySet());
        Map<FileKey, Intervals> quiet = unknown.isEmpty() ? Map.of() : before.counted(f -> unknown.contains(f.key()));
        boolean isExact = counted.chunks().isDoubled(known) || counted.chunks().meet(quiet);
        if (isExact) {
            LOG.info(
                    "batch {} of {} has the same lines twice, in two tasks, or old ones: it is counted by plan",
                    before.batch() + 1,
                    query.name());
            Map<FileKey, Intervals> all = new HashMap<>(known);
            all.putAll(quiet);
            counted = rows.count(records, new Known(Map.of(), counted.chunks().plan(all)), now);
        }
        observer.done(BatchStep.COMPUTED);
        long storing = System.nanoTime();
        Marks after = before.next(counted.facts().offsets(), counted.chunks().all(), now)
                .withDimensions(rows.dimensions());
        checkpoint.write(after, counted.deltas(), sliceSize, () -> {
            observer.done(BatchStep.DELTAS_STORED);
            JoinedLines.keep(checkpoint, before, after);
        });
        observer.done(BatchStep.MARKS_STORED);
        long[] times = {storing - start, System.nanoTime() - storing};
        return new Stored(after, Slices.of(counted.deltas(), sliceSize), counted, isExact, times);
    }

    /** What the tasks are told: of many files those alone that had lines lately. */
    private static Map<FileKey, Intervals> known(Marks before, Instant now) {
        long since = before.files().size() <= FEW
                ? Long.MIN_VALUE
                : now.minus(LATELY).toEpochMilli();
        return before.counted(file -> file.at() >= since);
    }

    private BatchReport report(long batch, Stored stored, long refused, long applying) {
        CountedBatch counted = stored.counted();
        RecordFacts facts = counted.facts();
        facts.poison()
                .forEach(p -> LOG.warn(
                        "record {} of partition {} of topic {} counts nothing: {}",
                        p.offset(),
                        p.partition(),
                        query.source().topic(),
                        p.reason()));
        return new BatchReport(
                query.name(),
                batch,
                facts.records(),
                facts.bytes(),
                counted.lines(),
                Math.max(0, counted.facts().told() - counted.lines()),
                counted.rejected(),
                facts.poisonCount(),
                facts.poison(),
                counted.uncounted(),
                refused,
                counted.deltas().size(),
                stored.isExact(),
                Duration.ofNanos(stored.times()[0]),
                Duration.ofNanos(stored.times()[1]),
                Duration.ofNanos(applying));
    }

    private Marks before(long batch) {
        if (newest.batch() == batch - 1) {
            return newest;
        }
        return checkpoint
                .marks(batch - 1)
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.DATA,
                        "the marks after batch " + (batch - 1) + " of " + query.name() + " are missing. "
                                + checkpoint.startAnew()));
    }
}
