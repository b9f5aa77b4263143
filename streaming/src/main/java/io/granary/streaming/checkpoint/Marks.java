package io.granary.streaming.checkpoint;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What a query has counted after a batch.
 *
 * @param offsets by Kafka partition, the next record to read; a partition that never had a record is missing
 * @param files by generation of a file, which lines were counted; a file without a line for {@link #KEPT} is left out
 * @param dimensions by table, the version of it that the batch's rows were joined to
 */
public record Marks(long batch, Map<String, Long> offsets, List<FileMark> files, Map<String, String> dimensions) {
    /** Before batch 0. */
    public static final Marks NONE = new Marks(-1, Map.of(), List.of(), Map.of());

    /** How long a file is remembered behind its last line. */
    public static final Duration KEPT = Duration.ofDays(30);

    /**
     * @param counted the lines whose first bytes lie in these intervals {@code [start, end)}, which ascend
     * @param at when a line of it came last, epoch milliseconds
     */
    public record FileMark(String region, String host, String file, List<List<Long>> counted, long at) {
        public FileMark {
            counted = List.copyOf(counted);
        }

        public FileKey key() {
            return new FileKey(region, host, file);
        }
    }

    public Marks {
        offsets = Map.copyOf(offsets);
        files = List.copyOf(files);
        dimensions = dimensions == null ? Map.of() : Map.copyOf(dimensions);
    }

    /**
     * After the next batch; what was counted stays counted.
     *
     * @param chunks of the batch, by file
     */
    public Marks next(Map<Integer, Long> batchOffsets, Map<FileKey, Intervals> chunks, Instant now) {
        Map<String, Long> nextOffsets = new TreeMap<>(offsets);
        batchOffsets.forEach((partition, offset) -> nextOffsets.merge(partition.toString(), offset, Math::max));
        Map<FileKey, FileMark> next = new HashMap<>();
        long oldest = now.minus(KEPT).toEpochMilli();
        files.stream().filter(f -> f.at() > oldest).forEach(f -> next.put(f.key(), f));
        chunks.forEach((file, brought) -> {
            FileMark before = next.get(file);
            Intervals counted = before == null ? new Intervals() : Intervals.of(before.counted());
            counted.addAll(brought);
            next.put(file, new FileMark(file.region(), file.host(), file.file(), counted.pairs(), now.toEpochMilli()));
        });
        return new Marks(batch + 1, nextOffsets, new ArrayList<>(next.values()), dimensions);
    }

    public Marks withDimensions(Map<String, String> versions) {
        return new Marks(batch, offsets, files, versions);
    }

    /** What was counted, by file. */
    public Map<FileKey, Intervals> counted() {
        return counted(file -> true);
    }

    /** What was counted of some files. */
    public Map<FileKey, Intervals> counted(Predicate<FileMark> wanted) {
        Map<FileKey, Intervals> counted = new HashMap<>();
        files.stream().filter(wanted).forEach(f -> counted.put(f.key(), Intervals.of(f.counted())));
        return counted;
    }
}
