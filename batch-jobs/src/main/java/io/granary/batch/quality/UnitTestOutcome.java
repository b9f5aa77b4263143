package io.granary.batch.quality;

import io.granary.warehouse.manifest.UnitTestNode;
import java.time.Duration;

/**
 * How one unit test ended.
 *
 * @param message the difference, or why the case could not run; empty when it passed
 */
public record UnitTestOutcome(UnitTestNode test, TestOutcome.Status status, Duration time, String message) {
    static UnitTestOutcome pass(UnitTestNode test, Duration time) {
        return new UnitTestOutcome(test, TestOutcome.Status.PASS, time, "");
    }

    static UnitTestOutcome fail(UnitTestNode test, Duration time, String difference) {
        return new UnitTestOutcome(test, TestOutcome.Status.FAIL, time, difference);
    }

    static UnitTestOutcome error(UnitTestNode test, Duration time, String reason) {
        return new UnitTestOutcome(test, TestOutcome.Status.ERROR, time, reason);
    }

    public boolean passed() {
        return status == TestOutcome.Status.PASS;
    }

    /** For people: the case, its file, and what differs. */
    public String describe() {
        String head =
                String.format(java.util.Locale.ROOT, "%-5s %s  %.2f s", status, test.id(), time.toMillis() / 1000.0);
        return passed() ? head : head + "  " + test.file() + "\n    " + message.replace("\n", "\n    ");
    }
}
