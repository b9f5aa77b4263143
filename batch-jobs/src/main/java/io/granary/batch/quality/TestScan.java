package io.granary.batch.quality;

import io.granary.tablestore.SqlSession;
import io.granary.tablestore.SqlSession.Rows;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.TestNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Every number that the tests of one model need, from one query over its rows; a second query, one for all of them,
 * where tests join other tables. A test whose SQL is wrong must not hide what the others say: then each is asked alone.
 */
final class TestScan {
    private final SqlSession session;
    private final TestedRows rows;
    private final Manifest manifest;
    private final Map<String, Map<List<String>, Long>> numbers = new HashMap<>();
    private final Map<String, String> errors = new LinkedHashMap<>();
    private final Map<List<String>, Long> counts = new LinkedHashMap<>();

    private TestScan(SqlSession session, TestedRows rows, Manifest manifest) {
        this.session = session;
        this.rows = rows;
        this.manifest = manifest;
    }

    static TestScan of(SqlSession session, TestedRows rows, Manifest manifest) {
        TestScan scan = new TestScan(session, rows, manifest);
        List<TestNode> shared = new ArrayList<>();
        List<TestNode> own = new ArrayList<>();
        rows.model().tests().forEach(test -> (new TestSql(test, rows, manifest).isOwnQuery() ? own : shared).add(test));
        scan.askTogether(shared, scan::aggregates);
        scan.askTogether(own, scan::countBadRows);
        return scan;
    }

    /** Asks something of several tests at once. */
    @FunctionalInterface
    private interface Question {
        void ask(List<TestNode> tests);
    }

    private void askTogether(List<TestNode> tests, Question question) {
        try {
            question.ask(tests);
            return;
        } catch (GranaryException e) {
            if (tests.isEmpty() || e.code() == ErrorCode.EXTERNAL) {
                throw e;
            }
            if (tests.size() == 1) {
                errors.put(tests.get(0).id(), e.getMessage());
            }
        }
        for (TestNode test : tests.size() == 1 ? List.<TestNode>of() : tests) {
            try {
                question.ask(List.of(test));
            } catch (GranaryException e) {
                errors.put(test.id(), e.getMessage());
            }
        }
        if (counts.isEmpty()) {
            aggregates(List.of());
        }
    }

    private void aggregates(List<TestNode> tests) {
        List<String> keys = rows.model().partition();
        StringBuilder sql = new StringBuilder("SELECT ");
        keys.forEach(key -> sql.append(SqlName.quote(key)).append(", "));
        sql.append("count(*) AS rows");
        for (int i = 0; i < tests.size(); i++) {
            TestSql test = new TestSql(tests.get(i), rows, manifest);
            sql.append(",\n    ").append(test.aggregate()).append(" AS t").append(i);
        }
        sql.append("\nFROM ").append(rows.table()).append("\nWHERE ").append(rows.predicate());
        if (!keys.isEmpty()) {
            sql.append("\nGROUP BY ").append(SqlName.list(keys));
        }
        Rows answer = session.query(
                rows.bind(sql.toString(), "tests of " + rows.model().name()));
        for (List<Object> row : answer.rows()) {
            List<String> partition =
                    row.subList(0, keys.size()).stream().map(String::valueOf).toList();
            counts.put(partition, number(row.get(keys.size())));
            for (int i = 0; i < tests.size(); i++) {
                Long number = number(row.get(keys.size() + 1 + i));
                numbers.computeIfAbsent(tests.get(i).id(), id -> new HashMap<>())
                        .put(partition, number);
            }
        }
    }

    private void countBadRows(List<TestNode> tests) {
        if (tests.isEmpty()) {
            return;
        }
        List<String> branches = new ArrayList<>();
        for (int i = 0; i < tests.size(); i++) {
            String bad = new TestSql(tests.get(i), rows, manifest).badRows();
            branches.add("SELECT " + i + " AS test, count(*) AS failures FROM (\n" + bad + "\n) AS bad");
        }
        for (List<Object> row :
                session.query(String.join("\nUNION ALL\n", branches)).rows()) {
            TestNode test = tests.get(number(row.get(0)).intValue());
            numbers.computeIfAbsent(test.id(), id -> new HashMap<>()).put(List.of(), number(row.get(1)));
        }
    }

    private static Long number(Object cell) {
        return cell == null ? null : ((Number) cell).longValue();
    }

    /** Why a test could not run; null when it did. */
    String error(TestNode test) {
        return errors.get(test.id());
    }

    /** A test's numbers added up; a partition without rows has none. */
    long sum(TestNode test) {
        return numbers.getOrDefault(test.id(), Map.of()).values().stream()
                .filter(Objects::nonNull)
                .mapToLong(Long::longValue)
                .sum();
    }

    /** A test's number in one partition; null when it has no rows, or no value. */
    Long in(TestNode test, List<String> partition) {
        return numbers.getOrDefault(test.id(), Map.of()).get(partition);
    }

    /** Partitions with rows, and how many. */
    Map<List<String>, Long> counts() {
        return counts;
    }

    long rowCount() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
