package io.granary.batch.quality;

import io.granary.warehouse.manifest.TestNode;
import java.util.List;

/**
 * How one data test ended.
 *
 * @param failures bad rows, or partitions for a test on a number
 * @param message one line: what is wrong, or why it could not be told; empty when it passed
 * @param rows the first bad rows as JSON objects, at most {@value FailureTable#KEPT_ROWS}
 */
public record TestOutcome(TestNode test, Status status, long failures, String message, List<String> rows) {
    private static final int SHOWN_ROWS = 3;
    private static final int SHOWN_LENGTH = 300;

    public TestOutcome {
        rows = List.copyOf(rows);
    }

    /** dbt's words. */
    public enum Status {
        PASS,
        FAIL,
        WARN,
        /** The test itself could not run. */
        ERROR;

        /** As run results write it. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    static TestOutcome pass(TestNode test) {
        return new TestOutcome(test, Status.PASS, 0, "", List.of());
    }

    static TestOutcome failed(TestNode test, long failures, String message) {
        Status status = warns(test) ? Status.WARN : Status.FAIL;
        return new TestOutcome(test, status, failures, message, List.of());
    }

    static TestOutcome error(TestNode test, String message) {
        return new TestOutcome(test, Status.ERROR, 0, "the test could not run: " + message, List.of());
    }

    TestOutcome with(List<String> badRows) {
        return new TestOutcome(test, status, failures, message, badRows);
    }

    /** Whether what was tested must not be published: nobody can vouch for it. */
    public boolean refuses() {
        return status == Status.FAIL || status == Status.ERROR && !warns(test);
    }

    private static boolean warns(TestNode test) {
        return "warn".equals(test.severity());
    }

    /** For people: the test, what is wrong, the first bad rows; several lines. */
    public String describe() {
        StringBuilder text = new StringBuilder(String.format("%-5s %s", status, test.id()));
        if (!message.isEmpty()) {
            text.append("  ").append(message);
        }
        rows.stream().limit(SHOWN_ROWS).forEach(row -> text.append("\n        ").append(shortened(row)));
        if (rows.size() > SHOWN_ROWS) {
            text.append("\n        … more in ").append(FailureTable.NAME);
        }
        return text.toString();
    }

    private static String shortened(String row) {
        return row.length() <= SHOWN_LENGTH ? row : row.substring(0, SHOWN_LENGTH) + " …";
    }
}
