package io.granary.batch.quality;

import io.granary.warehouse.run.RunResults.Result;
import io.granary.warehouse.run.RunResults.Status;

/** Tests as run results write them. */
final class TestResults {
    private TestResults() {}

    /** @param seconds that the model's tests took together: they share their queries */
    static Result of(TestOutcome outcome, String interval, double seconds) {
        return Result.test(
                outcome.test().id(),
                status(outcome.status()),
                seconds,
                outcome.message(),
                interval,
                outcome.failures());
    }

    static Result of(UnitTestOutcome outcome) {
        return Result.test(
                outcome.test().id(),
                status(outcome.status()),
                outcome.time().toMillis() / 1000.0,
                outcome.message(),
                null,
                outcome.passed() ? 0 : 1);
    }

    private static Status status(TestOutcome.Status status) {
        return switch (status) {
            case PASS -> Status.PASS;
            case FAIL -> Status.FAIL;
            case WARN -> Status.WARN;
            case ERROR -> Status.ERROR;
        };
    }
}
