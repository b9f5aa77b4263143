package io.granary.streaming.count;

import java.io.Serializable;
import java.util.List;

/**
 * What a task has counted.
 *
 * @param counts by model, by group
 */
record TaskResult(List<GroupCounts[]> counts, RecordFacts facts, long lines, long rejected) implements Serializable {
    static TaskResult of(TaskCounts counts, RecordFacts facts) {
        return new TaskResult(
                java.util.Arrays.stream(counts.tallies()).map(Tally::groups).toList(),
                facts,
                counts.lines(),
                counts.rejected());
    }
}
