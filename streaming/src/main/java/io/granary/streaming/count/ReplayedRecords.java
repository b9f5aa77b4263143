package io.granary.streaming.count;

import io.granary.streaming.checkpoint.FileKey;
import io.granary.streaming.checkpoint.Intervals;
import io.granary.streaming.count.RecordFacts.Chunk;
import io.granary.streaming.store.Delta;
import io.granary.streaming.topic.StreamRecord;
import io.granary.streaming.topic.TopicRecords;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Chunks that Kafka still holds, read once more.
 *
 * @param records {@code partition INT, offset BIGINT, value BINARY}
 */
public record ReplayedRecords(Dataset<Row> records) {
    private static final Known NOTHING = new Known(Map.of(), Map.of());

    /** Which lines they have, by file; their text is not looked at. */
    public Map<FileKey, Intervals> lines() {
        Map<FileKey, Intervals> all = new HashMap<>();
        TopicRecords.of(records)
                .toJavaRDD()
                .mapPartitions(ReplayedRecords::linesOf)
                .collect()
                .forEach(task -> task.forEach((file, lines) ->
                        all.computeIfAbsent(file, f -> new Intervals()).addAll(lines)));
        return all;
    }

    private static Iterator<HashMap<FileKey, Intervals>> linesOf(Iterator<StreamRecord> records) {
        HashMap<FileKey, Intervals> found = new HashMap<>();
        while (records.hasNext()) {
            // of its own, so that no task holds the facts of all chunks
            ChunkReader reader = new ChunkReader(NOTHING);
            reader.read(records.next());
            for (Chunk chunk : reader.facts().chunks()) {
                found.computeIfAbsent(chunk.file(), f -> new Intervals()).add(chunk.start(), chunk.end());
            }
        }
        return List.of(found).iterator();
    }

    /**
     * What some of their lines give, each counted once.
     *
     * @param wanted by file; nothing else is counted
     * @param held {@link #lines}
     */
    public List<Delta> deltas(
            CounterRows rows, Map<FileKey, Intervals> wanted, Map<FileKey, Intervals> held, Instant now) {
        Map<FileKey, Intervals> known = new HashMap<>();
        held.forEach((file, lines) -> {
            Intervals unwanted = new Intervals();
            unwanted.add(0, Long.MAX_VALUE);
            known.put(file, unwanted.minus(wanted.getOrDefault(file, new Intervals())));
        });
        CountedBatch counted = rows.count(records, new Known(known, null), now);
        if (counted.chunks().isDoubled(known)) {
            counted = rows.count(records, new Known(known, counted.chunks().plan(known)), now);
        }
        return counted.deltas();
    }
}
