package io.granary.batch.quality;

import io.granary.warehouse.run.RunResults.Result;
import io.granary.warehouse.run.RunResults.Status;
import java.util.List;

/** Tests as run results write them. */
public final class TestResults {
    private TestResults() {}

    /** @param seconds that the model's tests took together: they share their queries */
    public static Result of(TestOutcome outcome, double seconds) {
        return new Result(
                outcome.test().id(), status(outcome.status()), seconds, outcome.message(), null, List.of(), null);
    }

    static Result of(UnitTestOutcome outcome) {
        return new Result(
                outcome.test().id(),
                status(outcome.status()),
                outcome.time().toMillis() / 1000.0,
                outcome.message(),
                null,
                List.of(),
                null);
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
