package io.granary.batch.quality;

import io.granary.tablestore.SqlSession;
import io.granary.warehouse.manifest.TestNode;
import io.granary.warehouse.text.SqlLiteral;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How many rows a partition has: {@code min}, {@code max}, and {@code max_change}, the share by which it may differ from
 * the mean of the days before it that are published ({@code days} of them, 7 unless told).
 */
final class RowCount {
    private final TestNode test;
    private final TestedRows rows;
    private final TestScan scan;

    RowCount(TestNode test, TestedRows rows, TestScan scan) {
        this.test = test;
        this.rows = rows;
        this.scan = scan;
    }

    TestOutcome outcome(SqlSession session) {
        List<List<String>> partitions = rows.partitionValues().isEmpty()
                ? rows.model().partition().isEmpty()
                        ? List.of(List.of())
                        : List.copyOf(scan.counts().keySet())
                : rows.partitionValues();
        List<String> wrong = new ArrayList<>();
        for (List<String> partition : partitions) {
            Long counted = scan.in(test, partition);
            String reason = reason(session, counted == null ? 0 : counted, partition);
            if (reason != null) {
                wrong.add((partition.isEmpty() ? "" : String.join("/", partition) + ": ") + reason);
            }
        }
        return wrong.isEmpty()
                ? TestOutcome.pass(test)
                : TestOutcome.failed(test, wrong.size(), String.join("; ", wrong));
    }

    private String reason(SqlSession session, long count, List<String> partition) {
        Double min = number("min");
        Double max = number("max");
        if (min != null && count < min) {
            return count + " rows, expected " + test.arguments().get("min") + " at least";
        }
        if (max != null && count > max) {
            return count + " rows, expected " + test.arguments().get("max") + " at most";
        }
        Double change = number("max_change");
        boolean daily = rows.model().partition().equals(List.of("ds")) && !partition.isEmpty();
        return change == null || !daily ? null : changed(session, count, LocalDate.parse(partition.get(0)), change);
    }

    private String changed(SqlSession session, long count, LocalDate day, double change) {
        int days = number("days") == null ? 7 : number("days").intValue();
        String where = test.where() == null ? "" : " AND (" + test.where() + ")";
        List<Long> before = session
                .query("SELECT count(*) FROM " + rows.model().table() + " WHERE ds >= "
                        + SqlLiteral.of(day.minusDays(days).toString()) + " AND ds < "
                        + SqlLiteral.of(day.toString()) + where + " GROUP BY ds")
                .rows()
                .stream()
                .map(row -> ((Number) row.get(0)).longValue())
                .toList();
        double mean = before.stream().mapToLong(Long::longValue).average().orElse(0);
        if (mean == 0 || Math.abs(count - mean) <= change * mean) {
            return null;
        }
        return String.format(
                Locale.ROOT,
                "%d rows, %.0f %% %s than the mean %.1f of %d days before; allowed are %.0f %%",
                count,
                Math.abs(count - mean) / mean * 100,
                count < mean ? "less" : "more",
                mean,
                before.size(),
                change * 100);
    }

    private Double number(String argument) {
        return test.arguments().get(argument) instanceof Number number ? number.doubleValue() : null;
    }
}
