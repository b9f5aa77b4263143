package io.granary.streaming.watch;

import io.granary.streaming.count.BatchReport;
import io.granary.streaming.store.FenceAnswer;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What one query has done since the process was started. Told by the driver only; safe for use from several threads. */
public final class QueryMetrics {
    /** Why a row was not counted. */
    public enum Drop {
        /** The window's time to live was over when the row came. */
        LATE,
        /** The row's time lies further ahead than the counter allows. */
        FUTURE,
        /** The model's row has no time. */
        NO_TIME,
        /** The line does not fit its source's format. */
        REJECTED,
        /** The Kafka record is none of the kind that the source's agent writes; counted in records, not in rows. */
        POISON,
        /** A sum would have left 64 bits: the number stays as it was; counted in numbers, each of which is in the log. */
        OVERFLOW
    }

    private final String name;
    private final LongAdder records = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final LongAdder deltas = new LongAdder();
    private final LongAdder redisRetries = new LongAdder();
    private final LongAdder restarts = new LongAdder();
    private final Histogram batchTime = new Histogram();
    private final Histogram redisTime = new Histogram();
    private final Map<FenceAnswer, LongAdder> fences = new EnumMap<>(FenceAnswer.class);
    private final Map<DropOf, LongAdder> drops = new ConcurrentSkipListMap<>();
    private volatile double rowsPerSecond;
    private volatile boolean isAlive;
    private volatile boolean isRunning;
    private volatile boolean isRebuilding;
    private volatile Lag lag = Lag.UNKNOWN;

    /** @param counter empty when the row is lost to every counter of the query */
    record DropOf(Drop reason, String counter) implements Comparable<DropOf> {
        @Override
        public int compareTo(DropOf other) {
            int first = reason.compareTo(other.reason);
            return first != 0 ? first : counter.compareTo(other.counter);
        }
    }

    QueryMetrics(String name) {
        this.name = name;
        for (FenceAnswer answer : FenceAnswer.values()) {
            fences.put(answer, new LongAdder());
        }
        for (Drop reason : List.of(Drop.REJECTED, Drop.POISON, Drop.OVERFLOW)) {
            drops.put(new DropOf(reason, ""), new LongAdder());
        }
    }

    /** Names the query's counters, so that what they drop is told from 0 on: the first one is an increase too. */
    public void counts(Collection<String> counters) {
        for (String counter : counters) {
            for (Drop reason : List.of(Drop.LATE, Drop.FUTURE, Drop.NO_TIME, Drop.OVERFLOW)) {
                drops.computeIfAbsent(new DropOf(reason, counter), d -> new LongAdder());
            }
        }
    }

    /** A batch was completed: every shard of Redis has it. */
    public void batch(BatchReport report) {
        records.add(report.records());
        bytes.add(report.bytes());
        rows.add(report.lines());
        deltas.add(report.deltas());
        Duration took = report.counting().plus(report.storing()).plus(report.applying());
        rowsPerSecond = took.isZero() ? 0 : report.lines() / seconds(took);
        batchTime.add(seconds(took));
        redisTime.add(seconds(report.applying()));
        dropped(Drop.REJECTED, "", report.rejected());
        dropped(Drop.POISON, "", report.poison());
        dropped(Drop.OVERFLOW, "", report.refused());
        report.uncounted()
                .forEach((counter, reasons) -> reasons.forEach(
                        (reason, dropped) -> dropped(Drop.valueOf(reason.toUpperCase(Locale.ROOT)), counter, dropped)));
    }

    /** A call was made again because Redis did not answer or was not ready. */
    public void redisRetry() {
        redisRetries.increment();
    }

    /** A fence did not take a slice. */
    public void fence(FenceAnswer answer) {
        fences.get(answer).increment();
    }

    private void dropped(Drop reason, String counter, long rows) {
        if (rows > 0) {
            drops.computeIfAbsent(new DropOf(reason, counter), d -> new LongAdder())
                    .add(rows);
        }
    }

    /** Whether the query's counters are computed anew, because Redis lost them. */
    public void rebuilding(boolean is) {
        isRebuilding = is;
    }

    /** Whether somebody keeps the query going: it counts, or is started again after a pause. */
    public void alive(boolean is) {
        isAlive = is;
    }

    public boolean isAlive() {
        return isAlive;
    }

    /** Whether the query counts, or computes its counters anew: it has neither failed nor been stopped since its start. */
    public void running(boolean is) {
        isRunning = is;
    }

    public boolean isRunning() {
        return isRunning;
    }

    /** The query failed and was started again. */
    public void restarted() {
        restarts.increment();
    }

    public long restarts() {
        return restarts.sum();
    }

    /** How far the query is behind its topic. */
    public void lag(Lag now) {
        lag = now;
    }

    public Lag lag() {
        return lag;
    }

    /** {@code <subject>.<source>}. */
    public String name() {
        return name;
    }

    void write(PrometheusText text) {
        Map<String, String> query = Map.of("query", name);
        text.gauge(
                "granary_stream_up",
                "1 while the query counts or computes its counters anew.",
                query,
                isRunning ? 1 : 0);
        text.counter("granary_stream_records_total", "Kafka records of completed batches.", query, records.sum());
        text.counter("granary_stream_read_bytes_total", "Bytes of their values.", query, bytes.sum());
        text.counter("granary_stream_rows_total", "New lines or events that were parsed.", query, rows.sum());
        text.gauge("granary_stream_rows_per_second", "Rows a second of the last batch.", query, rowsPerSecond);
        text.histogram("granary_stream_batch_seconds", "Length of batches, Redis included.", query, batchTime);
        text.histogram("granary_stream_redis_seconds", "Part of a batch in which Redis took it.", query, redisTime);
        text.counter("granary_stream_deltas_total", "Changes that Redis applied.", query, deltas.sum());
        text.counter("granary_stream_redis_retries_total", "Calls of Redis made again.", query, redisRetries.sum());
        text.counter("granary_stream_restarts_total", "Starts after a failure.", query, restarts.sum());
        text.gauge("granary_stream_rebuilding", "1 while the counters are computed anew.", query, isRebuilding ? 1 : 0);
        fences.forEach((answer, slices) -> text.counter(
                "granary_stream_fence_rejections_total",
                "Slices that a fence did not take.",
                Map.of("query", name, "cause", word(answer)),
                slices.sum()));
        drops.forEach((drop, rows) -> text.counter(
                "granary_stream_dropped_total",
                "Rows (poison: records; overflow: numbers) that were not counted.",
                Map.of("query", name, "reason", word(drop.reason()), "counter", drop.counter()),
                rows.sum()));
        lag.write(query, text);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
