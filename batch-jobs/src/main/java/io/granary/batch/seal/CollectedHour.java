package io.granary.batch.seal;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;

/** An hour in which the collector read lines, UTC; prints as {@code 2026-11-01 10}. */
record CollectedHour(Instant start) implements Comparable<CollectedHour> {
    /** How SQL prints one. */
    static final String SQL_FORM = "yyyy-MM-dd HH";

    private static final DateTimeFormatter FORM =
            DateTimeFormatter.ofPattern(SQL_FORM).withZone(ZoneOffset.UTC);

    CollectedHour {
        start = start.truncatedTo(ChronoUnit.HOURS);
    }

    @JsonCreator
    static CollectedHour parse(String text) {
        try {
            return new CollectedHour(FORM.parse(text, Instant::from));
        } catch (DateTimeParseException e) {
            throw new GranaryException(ErrorCode.DATA, "'" + text + "' is no hour such as 2026-11-01 10", e);
        }
    }

    Instant end() {
        return start.plus(1, ChronoUnit.HOURS);
    }

    /** {@code 2026-11-01}. */
    String dt() {
        return toString().substring(0, 10);
    }

    /** {@code 10}. */
    String hh() {
        return toString().substring(11);
    }

    @Override
    public int compareTo(CollectedHour other) {
        return start.compareTo(other.start);
    }

    @Override
    @JsonValue
    public String toString() {
        return FORM.format(start);
    }
}
