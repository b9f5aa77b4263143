package io.granary.batch.quality;

import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableName;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.TestNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Runs the data tests of models: one query for all tests of a model that its own rows answer, one more for those that
 * join other tables, and for each failed one another that fetches its first bad rows, which are kept in
 * {@value FailureTable#NAME}.
 */
public final class ModelTests {
    private final Manifest manifest;
    private final Clock clock;
    private final FailureTable failures;

    public ModelTests(Manifest manifest, Clock clock) {
        this.manifest = manifest;
        this.clock = clock;
        this.failures = new FailureTable(clock);
    }

    /**
     * Tests some partitions of a model.
     *
     * @param table the model's own, or the staging table in its place
     * @param interval what to test, all partitions of the same columns; empty means all rows
     * @throws GranaryException when the rows cannot be read at all; a test that cannot run is an outcome
     */
    public TestReport check(SqlSession session, ModelNode model, TableName table, Collection<PartitionSpec> interval) {
        List<PartitionSpec> partitions =
                interval.stream().filter(spec -> !spec.entries().isEmpty()).toList();
        TestedRows rows = new TestedRows(model, table, partitions);
        TestScan scan = TestScan.of(session, rows, manifest);
        List<TestOutcome> outcomes = new ArrayList<>();
        for (TestNode test : model.tests()) {
            outcomes.add(outcome(session, rows, scan, test));
        }
        List<TestOutcome> failed = outcomes.stream()
                .filter(o -> o.status() == TestOutcome.Status.FAIL || o.status() == TestOutcome.Status.WARN)
                .toList();
        if (!failed.isEmpty()) {
            failures.store(session, rows, failed);
        }
        return new TestReport(TableName.parse(model.table()), rows.label(), scan.rowCount(), outcomes);
    }

    private TestOutcome outcome(SqlSession session, TestedRows rows, TestScan scan, TestNode test) {
        if (scan.error(test) != null) {
            return TestOutcome.error(test, scan.error(test));
        }
        try {
            return switch (test.type()) {
                case "row_count" -> new RowCount(test, rows, scan).outcome(session);
                case "freshness" -> new Freshness(test, rows, scan, clock).outcome();
                default -> withRows(session, rows, test, scan.sum(test));
            };
        } catch (GranaryException e) {
            return TestOutcome.error(test, e.getMessage());
        }
    }

    private TestOutcome withRows(SqlSession session, TestedRows rows, TestNode test, long count) {
        if (count == 0) {
            return TestOutcome.pass(test);
        }
        String bad = new TestSql(test, rows, manifest).badRows();
        if (bad == null) {
            return TestOutcome.failed(
                    test, count, "does not hold: " + test.arguments().get("expression"));
        }
        List<String> first = session
                .query(rows.bind(
                        "SELECT substr(to_json(struct(*), map('ignoreNullFields', 'false')), 1, 4000) AS bad_row\nFROM (\n"
                                + bad + "\n) AS bad\nLIMIT " + FailureTable.KEPT_ROWS,
                        test.id()))
                .rows()
                .stream()
                .map(row -> String.valueOf(row.get(0)))
                .toList();
        if (first.isEmpty()) {
            // two keys with one hash: the query by the keys themselves has the last word
            return TestOutcome.pass(test);
        }
        return TestOutcome.failed(test, count, count + (count == 1 ? " bad row" : " bad rows"))
                .with(first);
    }
}
