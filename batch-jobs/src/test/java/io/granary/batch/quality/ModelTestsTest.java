package io.granary.batch.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.granary.batch.quality.TestOutcome.Status;
import io.granary.tablestore.HiveJdbcSession;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.RunId;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableStore;
import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.TestNode;
import io.granary.warehouse.run.RunResults;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ModelTestsTest {
    private static final TableName TABLE = new TableName("quality_case", "dwd_case_order_di");
    private static final List<PartitionSpec> DAY = List.of(PartitionSpec.of("ds", "2026-11-03"));
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);

    private static HiveJdbcSession jdbc;
    private final Counted session = new Counted();

    @BeforeAll
    static void rows() {
        jdbc = HiveJdbcSession.open(LocalWarehouse.shared().profile());
        jdbc.execute("CREATE DATABASE IF NOT EXISTS quality_case");
        jdbc.execute(
                "CREATE TABLE " + TABLE + " (order_id BIGINT, user_id BIGINT, status STRING, amount DECIMAL(12, 2),"
                        + " paid DECIMAL(12, 2), ordered_at TIMESTAMP) PARTITIONED BY (ds STRING) STORED AS ORC");
        jdbc.execute("INSERT INTO " + TABLE + " PARTITION (ds) SELECT order_id, user_id, status, CAST(amount AS"
                + " DECIMAL(12, 2)), CAST(paid AS DECIMAL(12, 2)), CAST(at AS TIMESTAMP), ds FROM VALUES"
                + " (1, 1, 'paid', 5, 5, '2026-11-01 10:00:00', '2026-11-01'),"
                + " (2, 1, 'paid', 5, 5, '2026-11-02 10:00:00', '2026-11-02'),"
                + " (1, 1, 'paid', 5, 5, '2026-11-03 10:00:00', '2026-11-03'),"
                + " (2, 2, 'placed', 7, 0, '2026-11-03 11:00:00', '2026-11-03'),"
                + " (2, NULL, 'lost', -1, 3, '2026-11-03 12:00:00', '2026-11-03'),"
                + " (NULL, 9, NULL, NULL, NULL, NULL, '2026-11-03'),"
                + " (NULL, 1, 'paid', 2, 2, NULL, '2026-11-03')"
                + " AS v(order_id, user_id, status, amount, paid, at, ds)");
        jdbc.execute("CREATE TABLE quality_case.dim_case_user_df (user_id BIGINT) PARTITIONED BY (ds STRING) STORED AS"
                + " ORC");
        jdbc.execute("INSERT INTO quality_case.dim_case_user_df PARTITION (ds) SELECT * FROM VALUES"
                + " (1L, '2026-11-03'), (2L, '2026-11-03'), (9L, '2026-11-02')");
    }

    @AfterAll
    static void close() {
        jdbc.close();
    }

    @Test
    void allTestsOfAModelTakeOneScanWhenTheyPass() {
        TestReport report = check(
                test("nn", "not_null", List.of("order_id", "user_id"), Map.of(), "status = 'paid' AND user_id <> 1"),
                test("u", "unique", List.of("order_id", "user_id", "status"), Map.of(), null),
                test("u2", "unique", List.of("amount", "order_id"), Map.of(), null),
                test(
                        "av",
                        "accepted_values",
                        List.of("status"),
                        Map.of("values", List.of("paid", "placed", "lost")),
                        null),
                test("r", "in_range", List.of("amount"), Map.of("min", -1, "max", 7.5), null),
                test("rc", "row_count", List.of(), Map.of("min", 1, "max", 5), null),
                test("e", "expression", List.of(), Map.of("expression", "paid <= amount"), "status <> 'lost'"),
                test("sum", "expression", List.of(), Map.of("expression", "sum(paid) <= sum(amount)"), null),
                test("f", "freshness", List.of("ordered_at"), Map.of("max_age", "13h"), null));

        assertThat(report.outcomes()).extracting(TestOutcome::status).containsOnly(Status.PASS);
        assertThat(report.rows()).isEqualTo(5);
        assertThat(session.statements).hasSize(1);
        report.requirePublishable();
    }

    @Test
    void everyTypeFindsItsBadRows() {
        assertThat(bad("not_null", List.of("order_id", "user_id"), Map.of(), null))
                .isEqualTo(3);
        assertThat(bad("not_null", List.of("order_id"), Map.of(), "user_id = 9"))
                .isEqualTo(1);
        // NULL is a value of a key, and two rows have more than one should: 2 twice, NULL twice
        assertThat(bad("unique", List.of("order_id"), Map.of(), null)).isEqualTo(2);
        assertThat(bad("unique", List.of("order_id"), Map.of(), "status <> 'lost'"))
                .isZero();
        assertThat(bad("accepted_values", List.of("status"), Map.of("values", List.of("paid", "placed")), null))
                .isEqualTo(1);
        assertThat(bad("in_range", List.of("amount"), Map.of("min", 0), null)).isEqualTo(1);
        assertThat(bad("in_range", List.of("amount"), Map.of("max", 4), null)).isEqualTo(2);
        assertThat(bad("expression", List.of(), Map.of("expression", "paid <= amount"), null))
                .isEqualTo(1);
        assertThat(bad("expression", List.of(), Map.of("expression", "sum(paid) > 100"), null))
                .isEqualTo(1);
        assertThat(bad("relationships", List.of("user_id"), Map.of("to", "dim_case_user_df", "field", "user_id"), null))
                .as("user 9 was known the day before only; NULL refers to nobody")
                .isEqualTo(1);
        assertThat(bad(
                        "sql",
                        List.of(),
                        Map.of("file", "x.sql", "sql", "SELECT * FROM {this} AS t WHERE ds = :ds AND" + " amount < 0;"),
                        null))
                .isEqualTo(1);
        assertThat(bad("row_count", List.of(), Map.of("min", 6), null)).isEqualTo(1);
        assertThat(bad("row_count", List.of(), Map.of("max", 1), "status = 'paid'"))
                .isEqualTo(1);
        assertThat(bad("row_count", List.of(), Map.of("max_change", 0.5), null)).isEqualTo(1);
        assertThat(bad("row_count", List.of(), Map.of("max_change", 4.0), null)).isZero();
        assertThat(bad("freshness", List.of("ordered_at"), Map.of("max_age", "11h"), null))
                .isEqualTo(1);
    }

    @Test
    void aFailedTestRefusesPublicationAndShowsAndKeepsItsRows() {
        TestReport report = check(
                test(
                        "status_known",
                        "accepted_values",
                        List.of("status"),
                        Map.of("values", List.of("paid", "placed")),
                        null),
                test("user_given", "not_null", List.of("user_id"), Map.of(), null, "warn"));

        assertThat(report.outcomes()).extracting(TestOutcome::status).containsExactly(Status.FAIL, Status.WARN);
        assertThatThrownBy(report::requirePublishable)
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("1 data test of quality_case.dwd_case_order_di ds=2026-11-03 failed;"
                        + " nothing was published")
                .hasMessageContaining("test.dwd_case_order_di.status_known  1 bad row")
                .hasMessageContaining("{\"status\":\"lost\",\"order_id\":2,");
        assertThat(jdbc.query(
                                "SELECT test, failures, get_json_object(bad_row, '$.status') FROM granary_quality.failures"
                                        + " WHERE test LIKE '%status_known' OR test LIKE '%user_given' ORDER BY test")
                        .rows())
                .containsExactly(
                        Arrays.asList("test.dwd_case_order_di.status_known", 1L, "lost"),
                        Arrays.asList("test.dwd_case_order_di.user_given", 1L, "lost"));
    }

    @Test
    void aWarningAloneDoesNotRefuse() {
        TestReport report = check(test("w", "not_null", List.of("user_id"), Map.of(), null, "warn"));

        assertThat(report.allowsPublish()).isTrue();
    }

    @Test
    void aBuildIsRefusedAndItsRunResultsTellOfEveryTest() {
        ModelNode model = model(
                test("w", "not_null", List.of("user_id"), Map.of(), null, "warn"),
                test("f", "in_range", List.of("amount"), Map.of("min", 0), null),
                test("p", "row_count", List.of(), Map.of("min", 1), null));
        PublishTests tests = PublishTests.of(manifest(model));
        TableStore.Staging staging = new TableStore.Staging(TABLE, TABLE, "", RunId.next(CLOCK));

        assertThatThrownBy(() -> tests.check(model, staging, Set.copyOf(DAY), session))
                .hasMessageContaining("1 data test of " + TABLE + " ds=2026-11-03 failed; nothing was published");

        assertThat(tests.results())
                .extracting(RunResults.Result::uniqueId, RunResults.Result::status, RunResults.Result::failures)
                .containsExactly(
                        tuple("test.dwd_case_order_di.w", RunResults.Status.WARN, 1L),
                        tuple("test.dwd_case_order_di.f", RunResults.Status.FAIL, 1L),
                        tuple("test.dwd_case_order_di.p", RunResults.Status.PASS, 0L));
    }

    @Test
    void aTestWithWrongSqlIsAnErrorAndHidesNoOther() {
        TestReport report = check(
                test("wrong", "expression", List.of(), Map.of("expression", "no_such_column > 0"), null),
                test("right", "not_null", List.of("order_id"), Map.of(), null),
                test("away", "sql", List.of(), Map.of("file", "a.sql", "sql", "SELECT * FROM nowhere.t"), null));

        assertThat(report.outcomes())
                .extracting(TestOutcome::status)
                .containsExactly(Status.ERROR, Status.FAIL, Status.ERROR);
        assertThat(report.outcomes().get(0).message()).contains("no_such_column");
        assertThat(report.rows()).isEqualTo(5);
        assertThat(report.allowsPublish()).isFalse();
    }

    @Test
    void severalDaysAreTestedInOneScanEachByItself() {
        List<PartitionSpec> days = List.of(
                PartitionSpec.of("ds", "2026-11-01"),
                PartitionSpec.of("ds", "2026-11-02"),
                PartitionSpec.of("ds", "2026-11-04"));
        ModelNode model = model(
                test("u", "unique", List.of("user_id"), Map.of(), null),
                test("rc", "row_count", List.of(), Map.of("min", 1), null));

        TestReport report = new ModelTests(manifest(model), CLOCK).check(session, model, TABLE, days);

        assertThat(report.outcomes()).extracting(TestOutcome::failures).containsExactly(0L, 1L);
        assertThat(report.outcomes().get(1).message()).isEqualTo("2026-11-04: 0 rows, expected 1 at least");
    }

    private long bad(String type, List<String> columns, Map<String, Object> arguments, String where) {
        TestOutcome outcome =
                check(test("t", type, columns, arguments, where)).outcomes().get(0);
        assertThat(outcome.status()).as(outcome.describe()).isIn(Status.PASS, Status.FAIL);
        return outcome.failures();
    }

    private TestReport check(TestNode... tests) {
        session.statements.clear();
        ModelNode model = model(tests);
        return new ModelTests(manifest(model), CLOCK).check(session, model, TABLE, DAY);
    }

    private static TestNode test(
            String name, String type, List<String> columns, Map<String, Object> arguments, String where) {
        return test(name, type, columns, arguments, where, "fail");
    }

    private static TestNode test(
            String name,
            String type,
            List<String> columns,
            Map<String, Object> arguments,
            String where,
            String severity) {
        return new TestNode("test." + TABLE.table() + "." + name, type, columns, arguments, where, severity);
    }

    private static ModelNode model(TestNode... tests) {
        List<ColumnNode> columns = new ArrayList<>();
        for (String column :
                "order_id bigint,user_id bigint,status string,amount decimal(12;2),paid decimal(12;2),ordered_at timestamp"
                        .split(",")) {
            String[] parts = column.replace(';', ',').split(" ");
            columns.add(new ColumnNode(parts[0], parts[1], false, ""));
        }
        return ModelNode.of("case", "dwd", TABLE.table())
                .daily()
                .table(TABLE.toString())
                .file("m.sql")
                .sql("SELECT 1")
                .owner("me")
                .grain("one row per order")
                .unique(List.of("order_id"))
                .columns(columns)
                .hash("h")
                .tests(List.of(tests))
                .node();
    }

    private static Manifest manifest(ModelNode model) {
        ModelNode users = ModelNode.of("case", "dim", "dim_case_user_df")
                .daily()
                .table("quality_case.dim_case_user_df")
                .file("u.sql")
                .owner("me")
                .unique(List.of("user_id"))
                .access("public")
                .hash("h")
                .node();
        return Manifest.of("case")
                .generatedAt(CLOCK.instant())
                .models(List.of(model, users))
                .manifest();
    }

    /** A session that remembers what it was asked. */
    private static final class Counted implements SqlSession {
        private final List<String> statements = new ArrayList<>();

        @Override
        public void execute(String sql) {
            statements.add(sql);
            jdbc.execute(sql);
        }

        @Override
        public Rows query(String sql) {
            statements.add(sql);
            return jdbc.query(sql);
        }

        @Override
        public void cancel() {}

        @Override
        public void close() {}
    }
}
