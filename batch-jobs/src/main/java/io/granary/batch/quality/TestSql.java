package io.granary.batch.quality;

import io.granary.tablestore.TableName;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.TestNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The SQL of one test over given rows. NULL passes every test but not_null and unique, as in a CHECK constraint. */
final class TestSql {
    private final TestNode test;
    private final TestedRows rows;
    private final Manifest manifest;

    TestSql(TestNode test, TestedRows rows, Manifest manifest) {
        this.test = test;
        this.rows = rows;
        this.manifest = manifest;
    }

    /** Whether the test cannot be a number of the one scan that all others share. */
    boolean isOwnQuery() {
        return test.type().equals("relationships") || test.type().equals("sql");
    }

    /** The test's number in the shared scan, for one partition; a BIGINT. */
    String aggregate() {
        return switch (test.type()) {
            case "row_count" -> "count_if(" + condition("TRUE") + ")";
            case "freshness" -> "unix_seconds(max(CAST(" + restricted(SqlName.quote(column())) + " AS TIMESTAMP)))";
            // no two keys of the same value have different hashes: equal numbers are a proof
            case "unique" -> "count_if(" + condition("TRUE") + ") - count(DISTINCT " + restricted(keyHash()) + ")";
            case "expression" ->
                isAggregateExpression()
                        ? "CAST(CASE WHEN NOT (" + expression() + ") THEN 1 ELSE 0 END AS BIGINT)"
                        : "count_if(" + condition(badRow()) + ")";
            default -> "count_if(" + condition(badRow()) + ")";
        };
    }

    /** The bad rows, or the keys that are there more than once; null when the test is about a number. */
    String badRows() {
        return switch (test.type()) {
            case "row_count", "freshness" -> null;
            case "unique" -> duplicates();
            case "relationships" -> orphans();
            case "sql" -> statement();
            case "expression" -> isAggregateExpression() ? null : select(badRow());
            default -> select(badRow());
        };
    }

    private String badRow() {
        return switch (test.type()) {
            case "not_null" ->
                test.columns().stream().map(c -> SqlName.quote(c) + " IS NULL").collect(Collectors.joining(" OR "));
            case "accepted_values" ->
                SqlName.quote(column())
                        + list("values").stream()
                                .map(SqlName::value)
                                .collect(Collectors.joining(", ", " NOT IN (", ")"));
            case "in_range" -> outside();
            case "expression" -> "NOT (" + expression() + ")";
            default -> throw unknown("type '" + test.type() + "'");
        };
    }

    private String outside() {
        List<String> bounds = new ArrayList<>();
        if (argument("min") != null) {
            bounds.add(SqlName.quote(column()) + " < " + SqlName.value(argument("min")));
        }
        if (argument("max") != null) {
            bounds.add(SqlName.quote(column()) + " > " + SqlName.value(argument("max")));
        }
        if (bounds.isEmpty()) {
            throw unknown("in_range without min and max");
        }
        return String.join(" OR ", bounds);
    }

    /** A column that is not a number takes part as itself; floating point has values that are equal and hash apart. */
    private String keyHash() {
        boolean hashable = test.columns().stream()
                .allMatch(name -> rows.model().columns().stream()
                        .filter(c -> c.name().equals(name))
                        .anyMatch(c -> c.type()
                                .matches("(?i)(string|(big|small|tiny)?int|decimal.*|date|timestamp|boolean)")));
        if (!hashable) {
            return "struct(" + SqlName.list(test.columns()) + ")";
        }
        return test.columns().stream()
                .map(c -> SqlName.quote(c) + ", isnull(" + SqlName.quote(c) + ")")
                .collect(Collectors.joining(", ", "xxhash64(", ")"));
    }

    private String duplicates() {
        Set<String> key = new LinkedHashSet<>(test.columns());
        key.addAll(rows.model().partition());
        return "SELECT " + SqlName.list(key) + ", count(*) AS copies\nFROM " + rows.table() + "\nWHERE "
                + rows.predicate() + where() + "\nGROUP BY " + SqlName.list(key) + "\nHAVING count(*) > 1";
    }

    private String orphans() {
        TableName to = referenced();
        String field = SqlName.quote(String.valueOf(argument("field")));
        String join = "known." + field + " = child." + SqlName.quote(column());
        // a daily table refers to the same day of the other one
        String day = isDaily(to) && rows.model().partition().contains("ds") ? " AND known.ds = child.ds" : "";
        String days = day.isEmpty() ? "" : daysOf();
        return "SELECT " + SqlName.list(columnsFirst()) + "\nFROM " + rows.table()
                + " AS child\nLEFT ANTI JOIN (SELECT "
                + field + (day.isEmpty() ? "" : ", ds") + " FROM " + to + days + ") AS known ON " + join + day
                + "\nWHERE " + rows.predicate() + where() + " AND child." + SqlName.quote(column()) + " IS NOT NULL";
    }

    private String daysOf() {
        List<String> days = rows.interval().stream()
                .flatMap(spec -> spec.entries().stream())
                .filter(entry -> entry.column().equals("ds"))
                .map(entry -> SqlName.value(entry.value()))
                .distinct()
                .toList();
        return days.isEmpty() ? "" : " WHERE ds IN (" + String.join(", ", days) + ")";
    }

    private TableName referenced() {
        String to = String.valueOf(argument("to"));
        return manifest.model(to)
                .map(model -> TableName.parse(model.table()))
                .orElseGet(() -> TableName.parse(to.contains(".") ? to : to.replaceFirst("_.*", "") + "." + to));
    }

    private boolean isDaily(TableName table) {
        String name = table.toString();
        return manifest.models().stream()
                        .anyMatch(m -> m.table().equals(name) && m.partition().contains("ds"))
                || manifest.sources().stream()
                        .anyMatch(s -> s.table().equals(name) && s.partition().contains("ds"));
    }

    private String statement() {
        String sql = String.valueOf(argument("sql")).strip().replaceFirst(";\\s*$", "");
        return rows.bind(sql.replace("{this}", rows.relation()), String.valueOf(argument("file")));
    }

    private String select(String bad) {
        return "SELECT " + SqlName.list(columnsFirst()) + "\nFROM " + rows.table() + "\nWHERE " + rows.predicate()
                + where() + "\n    AND (" + bad + ")";
    }

    /** What the test is about and the row's key come first, so that they are seen when the rest is cut off. */
    private Set<String> columnsFirst() {
        Set<String> columns = new LinkedHashSet<>(test.columns());
        columns.addAll(rows.model().unique());
        rows.model().columns().forEach(c -> columns.add(c.name()));
        columns.addAll(rows.model().partition());
        return columns;
    }

    private boolean isAggregateExpression() {
        return AggregateExpressions.contains(expression());
    }

    private String condition(String bad) {
        return test.where() == null ? bad : "(" + test.where() + ") AND (" + bad + ")";
    }

    private String restricted(String value) {
        return test.where() == null ? value : "CASE WHEN " + test.where() + " THEN " + value + " END";
    }

    private String where() {
        return test.where() == null ? "" : "\n    AND (" + test.where() + ")";
    }

    private String expression() {
        return String.valueOf(argument("expression"));
    }

    String column() {
        if (test.columns().isEmpty()) {
            throw unknown("no column");
        }
        return test.columns().get(0);
    }

    private Object argument(String name) {
        return test.arguments().get(name);
    }

    private List<?> list(String name) {
        return argument(name) instanceof List<?> values ? values : List.of();
    }

    private GranaryException unknown(String what) {
        return new GranaryException(ErrorCode.DEFINITION, test.id() + ": " + what);
    }
}
