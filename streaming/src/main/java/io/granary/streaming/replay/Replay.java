package io.granary.streaming.replay;

import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.checkpoint.FileKey;
import io.granary.streaming.checkpoint.FileLines;
import io.granary.streaming.checkpoint.Intervals;
import io.granary.streaming.checkpoint.Marks;
import io.granary.streaming.count.CounterRows;
import io.granary.streaming.count.Records;
import io.granary.streaming.count.ReplayedRecords;
import io.granary.streaming.query.DimensionVersions;
import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.query.StreamQuery.CountedModel;
import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.streaming.store.Delta;
import io.granary.warehouse.redis.CounterKey;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Counts again what a query has counted: the sealed lines out of the ODS table, the others out of Kafka. Which are sealed is
 * asked first, so a line that is sealed meanwhile is still counted once.
 */
public final class Replay {
    /** A window's day is that of the source's zone, an event may be written to another by an hour or two. */
    private static final Duration DAY = Duration.ofDays(1);

    private final SparkSession spark;
    private final StreamQuery query;
    private final Checkpoint checkpoint;
    private final SealedLog sealed;
    private final TopicPast topic;
    private final DimensionVersions dimensions;

    /** @param query with the times from which its counters count ({@link Definitions#counted}) */
    public Replay(
            SparkSession spark,
            StreamQuery query,
            Checkpoint checkpoint,
            SealedLog sealed,
            String kafka,
            DimensionVersions dimensions) {
        this.dimensions = dimensions;
        this.spark = spark;
        this.query = query;
        this.checkpoint = checkpoint;
        this.sealed = sealed;
        this.topic = new TopicPast(spark, kafka, query.source().topic());
    }

    /** @param held the lines that Kafka holds */
    private record FromKafka(List<Delta> deltas, Map<FileKey, Intervals> held) {
        static final FromKafka NOTHING = new FromKafka(List.of(), Map.of());
    }

    /** Counters that count the lines after the same batch, or all. */
    private record Span(long batch, Long from, long since) {}

    /**
     * What the lines up to {@code marks} give. What was not counted because it was late is not told again.
     *
     * @param starts by counter, those that are wanted
     * @param now windows that are over by then give nothing
     */
    public Replayed deltas(Map<String, CounterStart> starts, Marks marks, Instant now) {
        Map<FileKey, Intervals> inOds = sealed.lines();
        Map<Span, Set<String>> spans = new HashMap<>();
        starts.forEach((name, start) -> spans.computeIfAbsent(
                        new Span(start.batch(), start.from(), start.from() == null ? start.since() : 0),
                        s -> new TreeSet<>())
                .add(name));
        List<Delta> deltas = new ArrayList<>();
        Map<FileKey, Replayed.Missing> missing = new HashMap<>();
        spans.forEach((span, names) -> {
            Part of = new Part(span, only(names), marks, inOds, now);
            Replayed part = of.deltas();
            CounterPast.keep(checkpoint, names, marks, of.lines(), of.joined);
            deltas.addAll(part.deltas());
            part.missing().forEach(m -> missing.merge(m.file(), m, (a, b) -> a.bytes() > b.bytes() ? a : b));
        });
        return new Replayed(deltas, List.copyOf(missing.values()));
    }

    private StreamQuery only(Collection<String> names) {
        return new StreamQuery(
                query.source(),
                query.models().stream()
                        .map(m -> new CountedModel(
                                m.model(),
                                m.counters().stream()
                                        .filter(c -> names.contains(c.node().qualifiedName()))
                                        .toList()))
                        .filter(m -> !m.counters().isEmpty())
                        .toList());
    }

    /** The counters of one span. */
    private final class Part {
        private final Span span;
        private final StreamQuery counters;
        private final Marks marks;
        private final Map<FileKey, Intervals> inOds;
        private final Map<FileKey, Intervals> counted;
        private final Map<FileKey, Intervals> before;
        private final Instant now;
        private final Instant oldest;
        /** Lines whose rows are counted when they are sealed. */
        private final Map<FileKey, Intervals> past;

        private Map<String, String> joined = Map.of();

        Part(Span span, StreamQuery counters, Marks marks, Map<FileKey, Intervals> inOds, Instant now) {
            this.span = span;
            this.counters = counters;
            this.marks = marks;
            this.inOds = inOds;
            this.now = now;
            this.before = checkpoint
                    .value(Definitions.marksOf(span.batch()), Marks.class)
                    .map(Marks::counted)
                    .orElse(Map.of());
            this.counted = FileLines.minus(marks.counted(), before);
            this.oldest = oldest();
            this.past = span.from() == null ? counted : FileLines.minus(inOds, toCome());
        }

        Map<FileKey, Intervals> lines() {
            return FileLines.either(counted, past);
        }

        Replayed deltas() {
            CounterRows rows = new CounterRows(spark, counters, Records.CHUNKS, dimensions);
            List<Delta> deltas = new ArrayList<>();
            sealedRows().ifPresent(found -> deltas.addAll(rows.deltas(found, now)));
            Map<FileKey, Intervals> wanted = FileLines.minus(counted, inOds);
            FromKafka found = fromKafka(rows, wanted);
            deltas.addAll(found.deltas());
            joined = rows.dimensions();
            deltas.removeIf(delta -> CounterKey.parse(delta.key())
                    .filter(key -> key.kind() == CounterKey.Kind.UNCOUNTED)
                    .isPresent());
            return new Replayed(deltas, missing(FileLines.minus(wanted, found.held())));
        }

        private FromKafka fromKafka(CounterRows rows, Map<FileKey, Intervals> wanted) {
            if (wanted.isEmpty()) {
                return FromKafka.NOTHING;
            }
            return topic.before(marks.offsets(), records -> {
                        ReplayedRecords past = new ReplayedRecords(records);
                        Map<FileKey, Intervals> held = past.lines();
                        return new FromKafka(past.deltas(rows, wanted, held, now), held);
                    })
                    .orElse(FromKafka.NOTHING);
        }

        /** Lines of files that no window of today can be of are not missed. */
        private List<Replayed.Missing> missing(Map<FileKey, Intervals> gone) {
            List<Replayed.Missing> missing = new ArrayList<>();
            for (Marks.FileMark file : marks.files()) {
                Intervals lines = gone.get(file.key());
                if (lines != null && file.at() >= oldest.toEpochMilli()) {
                    long bytes = lines.pairs().stream()
                            .mapToLong(p -> p.get(1) - p.get(0))
                            .sum();
                    missing.add(new Replayed.Missing(file.key(), bytes, Instant.ofEpochMilli(file.at())));
                }
            }
            return missing;
        }

        private Optional<Dataset<Row>> sealedRows() {
            ZoneId zone = counters.models().get(0).counters().get(0).zone();
            String firstDay = oldest.minus(DAY).atZone(zone).toLocalDate().toString();
            boolean hasForgotten = span.from() == null && oldest.isBefore(forgotten());
            if (past.isEmpty() && !hasForgotten) {
                return Optional.empty();
            }
            return sealed.rows(firstDay).map(rows -> {
                Dataset<Row> of = LineSets.within(spark, rows, FileLines.both(past, inOds));
                return hasForgotten ? of.unionByName(forgottenRows(rows)) : of;
            });
        }

        /** A line that the stream is yet to count must not be counted now. */
        private Map<FileKey, Intervals> toCome() {
            Map<FileKey, Intervals> ahead = topic.from(marks.offsets(), records -> new ReplayedRecords(records).lines())
                    .orElse(Map.of());
            return FileLines.minus(ahead, marks.counted());
        }

        /** The marks no longer know files whose last line is older than this. */
        private Instant forgotten() {
            return now.minus(Marks.KEPT);
        }

        private Dataset<Row> forgottenRows(Dataset<Row> rows) {
            Instant since = Instant.ofEpochMilli(span.since()).minus(Marks.KEPT);
            Dataset<Row> old =
                    rows.where("collected_at <= TIMESTAMP_MILLIS(" + forgotten().toEpochMilli()
                            + "L) AND collected_at > TIMESTAMP_MILLIS(" + since.toEpochMilli() + "L)");
            return LineSets.without(
                    spark, LineSets.ofOtherFiles(spark, old, marks.counted().keySet()), before);
        }

        /** The earliest time whose windows are not all over. */
        private Instant oldest() {
            Instant first = now;
            for (CountedModel model : counters.models()) {
                for (ZonedCounter counter : model.counters()) {
                    for (String window : counter.node().windows()) {
                        Duration ttl = counter.node().ttl().get(window);
                        Instant of =
                                ttl == null ? Instant.EPOCH : now.minus(ttl).minus(DAY);
                        first = of.isBefore(first) ? of : first;
                    }
                }
            }
            Instant from = span.from() == null ? Instant.EPOCH : Instant.ofEpochMilli(span.from());
            return from.isAfter(first) ? from : first;
        }
    }
}
