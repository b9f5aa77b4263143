package io.granary.ingestion.sync.job;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;

/**
 * {@code job.setting.errorLimit}: how many rows may be left out. DataX's own default is "all of them", Granary's is none; who
 * wants all of them asks for {@code "percentage": 1}, which means the same in DataX. As in DataX {@code record} wins where both
 * are set.
 *
 * @param record most rows left out, or null when only the percentage counts
 * @param percentage greatest share of rows left out, from 0 to 1, or null
 */
public record ErrorLimit(Long record, Double percentage) {
    /** No row may be left out. */
    public static final ErrorLimit NONE_LOST = new ErrorLimit(0L, null);

    public ErrorLimit {
        if (record != null && record < 0) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "job.setting.errorLimit.record is " + record
                            + "; it is at least 0. To leave out any number of rows, say \"percentage\": 1 instead.");
        }
        if (percentage != null && !(percentage >= 0 && percentage <= 1)) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "job.setting.errorLimit.percentage is " + percentage + "; it is a share from 0 to 1 (2 % is 0.02)");
        }
        if (record == null && percentage == null) {
            record = 0L;
        }
    }

    public static ErrorLimit of(long record) {
        return new ErrorLimit(record, null);
    }

    /** Whether that many rows are too many whatever else is read; what {@code percentage} allows is known at the end only. */
    public boolean passed(long dirty) {
        return record != null && dirty > record;
    }

    /** Whether that many rows are too many for a job that has read all of its rows. */
    public boolean passedAtEnd(long dirty, long read) {
        if (record != null) {
            return dirty > record;
        }
        return read > 0 && (double) dirty / read > percentage;
    }
}
