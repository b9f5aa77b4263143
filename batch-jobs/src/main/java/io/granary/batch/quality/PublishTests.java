package io.granary.batch.quality;

import io.granary.batch.run.ModelChecks;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableStore.Staging;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.run.RunResults;
import java.time.Clock;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The data tests as what stands between written rows and their publication; may be used by several threads. */
public final class PublishTests implements ModelChecks {
    private final ModelTests tests;
    private final Queue<RunResults.Result> results = new ConcurrentLinkedQueue<>();

    private PublishTests(ModelTests tests) {
        this.tests = tests;
    }

    public static PublishTests of(Manifest manifest) {
        return new PublishTests(new ModelTests(manifest, Clock.systemUTC()));
    }

    @Override
    public List<String> check(ModelNode model, Staging staging, Set<PartitionSpec> interval, SqlSession session) {
        if (model.tests().isEmpty()) {
            return List.of();
        }
        long started = System.nanoTime();
        TestReport report = tests.check(session, model, staging.table(), interval);
        double seconds = (System.nanoTime() - started) / 1_000_000 / 1000.0;
        report.outcomes().forEach(outcome -> results.add(TestResults.of(outcome, report.interval(), seconds)));
        report.requirePublishable();
        return report.outcomes().stream()
                .filter(outcome -> outcome.status() != TestOutcome.Status.PASS)
                .map(TestOutcome::describe)
                .toList();
    }

    @Override
    public List<RunResults.Result> results() {
        return List.copyOf(results);
    }
}
