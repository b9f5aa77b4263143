package io.granary.streaming.replay;

import io.granary.streaming.checkpoint.FileKey;
import io.granary.streaming.checkpoint.FileLines;
import io.granary.streaming.checkpoint.Intervals;
import io.granary.streaming.count.CounterRows;
import io.granary.streaming.count.Records;
import io.granary.streaming.count.ReplayedRecords;
import io.granary.streaming.query.DimensionVersions;
import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.store.Delta;
import io.granary.warehouse.redis.CounterKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What some lines have given that were counted out of Kafka, by Kafka. */
public record CountedRecords(SparkSession spark, DimensionVersions dimensions) {
    /** @param missing lines that Kafka no longer holds */
    public record Found(List<Delta> deltas, Map<FileKey, Intervals> missing) {}

    /**
     * Reads the topic.
     *
     * @param query with the counters that are asked for
     * @param offsets in front of which the lines were
     * @param since no record of the lines is older
     */
    public Found of(
            String kafka,
            StreamQuery query,
            Map<FileKey, Intervals> lines,
            Map<String, Long> offsets,
            Instant since,
            Instant now) {
        TopicPast topic = new TopicPast(spark, kafka, query.source().topic());
        return topic.before(offsets, since, records -> of(query, Optional.of(records), lines, now))
                .orElseGet(() -> new Found(List.of(), lines));
    }

    /** @param records {@code partition INT, offset BIGINT, value BINARY} */
    public Found of(StreamQuery query, Optional<Dataset<Row>> records, Map<FileKey, Intervals> lines, Instant now) {
        if (records.isEmpty()) {
            return new Found(List.of(), lines);
        }
        ReplayedRecords past = new ReplayedRecords(records.get());
        Map<FileKey, Intervals> held = past.lines();
        CounterRows rows = new CounterRows(spark, query, Records.CHUNKS, dimensions);
        List<Delta> deltas = past.deltas(rows, lines, held, now).stream()
                .filter(delta -> CounterKey.parse(delta.key())
                        .filter(key -> key.kind() != CounterKey.Kind.UNCOUNTED)
                        .isPresent())
                .toList();
        return new Found(deltas, FileLines.minus(lines, held));
    }
}
