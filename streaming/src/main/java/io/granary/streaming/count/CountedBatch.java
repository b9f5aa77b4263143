package io.granary.streaming.count;

import io.granary.streaming.store.Delta;
import java.util.List;
import java.util.Map;

/**
 * What a batch adds.
 *
 * @param chunks of the records, by task
 * @param lines that were new; of records that are an event each, all of them
 * @param rejected lines that are no event of the source's format, and lines that were too long for the agent
 * @param uncounted by counter, rows that it did not count, by reason: {@code late, future, no_time}; and how many
 *     numbers, {@code overflow}
 */
record CountedBatch(
        List<Delta> deltas,
        RecordFacts facts,
        BatchLines chunks,
        long lines,
        long rejected,
        Map<String, Map<String, Long>> uncounted) {}
