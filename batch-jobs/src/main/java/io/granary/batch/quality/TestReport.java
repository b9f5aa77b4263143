package io.granary.batch.quality;

import io.granary.tablestore.TableName;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.List;

/**
 * What the data tests of a model say about the partitions that were tested.
 *
 * @param rows how many rows there are
 */
public record TestReport(TableName table, String interval, long rows, List<TestOutcome> outcomes) {
    public TestReport {
        outcomes = List.copyOf(outcomes);
    }

    /** Whether no test forbids to publish. */
    public boolean allowsPublish() {
        return outcomes.stream().noneMatch(TestOutcome::refuses);
    }

    /**
     * Stops a publication that a test forbids.
     *
     * @throws GranaryException of code DATA with the tests that failed and their first bad rows
     */
    public void requirePublishable() {
        if (allowsPublish()) {
            return;
        }
        List<TestOutcome> refusing =
                outcomes.stream().filter(TestOutcome::refuses).toList();
        StringBuilder text = new StringBuilder()
                .append(refusing.size())
                .append(refusing.size() == 1 ? " data test of " : " data tests of ")
                .append(table)
                .append(interval.isEmpty() ? "" : " " + interval)
                .append(" failed; nothing was published:");
        refusing.forEach(outcome -> text.append("\n  ").append(outcome.describe()));
        throw new GranaryException(ErrorCode.DATA, text.toString());
    }
}
