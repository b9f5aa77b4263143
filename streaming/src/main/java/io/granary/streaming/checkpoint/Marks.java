package io.granary.streaming.checkpoint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far a query has counted after a batch.
 *
 * @param offsets by Kafka partition, the next record to read; a partition that never had a record is missing
 * @param files by file, the first byte that is not counted yet
 */
public record Marks(long batch, Map<String, Long> offsets, List<FileMark> files) {
    /** Before batch 0. */
    public static final Marks NONE = new Marks(-1, Map.of(), List.of());

    /** A file of a host and the first byte of it that is not counted yet. */
    public record FileMark(String region, String host, String file, long end) {
        private FileMark reaching(long other) {
            return other > end ? new FileMark(region, host, file, other) : this;
        }

        private List<String> key() {
            return List.of(region, host, file);
        }
    }

    public Marks {
        offsets = Map.copyOf(offsets);
        files = List.copyOf(files);
    }

    /** After the next batch: no mark ever moves back. */
    public Marks next(Map<String, Long> batchOffsets, List<FileMark> batchFiles) {
        Map<String, Long> nextOffsets = new TreeMap<>(offsets);
        batchOffsets.forEach((partition, offset) -> nextOffsets.merge(partition, offset, Math::max));
        Map<List<String>, FileMark> nextFiles = new HashMap<>();
        files.forEach(f -> nextFiles.put(f.key(), f));
        batchFiles.forEach(f -> nextFiles.merge(f.key(), f, (old, read) -> old.reaching(read.end())));
        return new Marks(batch + 1, nextOffsets, new ArrayList<>(nextFiles.values()));
    }

    /** The marks of the given files only. */
    public List<FileMark> of(List<FileMark> wanted) {
        Map<List<String>, FileMark> known = new HashMap<>();
        files.forEach(f -> known.put(f.key(), f));
        return wanted.stream()
                .map(FileMark::key)
                .distinct()
                .filter(known::containsKey)
                .map(known::get)
                .toList();
    }
}
