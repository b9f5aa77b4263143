package io.granary.streaming.count;

import io.granary.streaming.count.RecordFacts.Poison;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a batch did; not told of one that only finished what had been stored.
 *
 * @param bytes of the records
 * @param lines that were new
 * @param duplicates lines that had been counted before; from the chunks' headers
 * @param rejected lines that are no event of the source's format, or too long for the agent
 * @param poison records that cannot be read; the first are named in {@code poisoned}
 * @param uncounted by counter, rows by reason: {@code late, future, no_time}; and {@code overflow}: numbers that were left out,
 *     because what the batch adds to them is beyond 64 bits
 * @param refused changes that Redis would not make, such as a sum beyond 64 bits; each is in the log
 * @param isExact whether two tasks had met the same lines, so that the batch was counted a second time
 * @param counting how long the counting took
 * @param storing how long it took to store deltas and marks
 * @param applying how long Redis took
 */
public record BatchReport(
        String query,
        long batch,
        long records,
        long bytes,
        long lines,
        long duplicates,
        long rejected,
        long poison,
        List<Poison> poisoned,
        Map<String, Map<String, Long>> uncounted,
        long refused,
        int deltas,
        boolean isExact,
        Duration counting,
        Duration storing,
        Duration applying) {

    public BatchReport {
        poisoned = List.copyOf(poisoned);
        uncounted = Map.copyOf(uncounted);
    }
}
