package io.granary.batch.quality;

import io.granary.batch.run.ModelChecks;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableStore.Staging;
import io.granary.warehouse.manifest.Manifest.ModelNode;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The data tests as what stands between written rows and their publication; may be used by several threads. */
public final class PublishTests implements ModelChecks {
    private final ModelTests tests;
    private final Queue<TestOutcome> outcomes = new ConcurrentLinkedQueue<>();

    public PublishTests(ModelTests tests) {
        this.tests = tests;
    }

    @Override
    public List<String> check(ModelNode model, Staging staging, Set<PartitionSpec> interval, SqlSession session) {
        if (model.tests().isEmpty()) {
            return List.of();
        }
        TestReport report = tests.check(session, model, staging.table(), interval);
        outcomes.addAll(report.outcomes());
        report.requirePublishable();
        return report.outcomes().stream()
                .filter(outcome -> outcome.status() != TestOutcome.Status.PASS)
                .map(TestOutcome::describe)
                .toList();
    }

    /** How every test ended that ran so far, for the run results. */
    public List<TestOutcome> outcomes() {
        return List.copyOf(outcomes);
    }
}
