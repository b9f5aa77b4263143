package io.granary.streaming.verbs;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.redis.Windows;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.function.Function;

/** The bucket that a person means. */
final class BucketText {
    private BucketText() {}

    /**
     * First second of the window that holds a time.
     *
     * @param text a day, a wall clock in {@code zone}, or a time with an offset; null means now
     */
    static long parse(String text, String window, ZoneId zone, Clock clock) {
        if (text == null) {
            return Windows.bucket(clock.instant(), window, zone);
        }
        if (window.equals(Windows.TOTAL)) {
            throw new GranaryException(ErrorCode.USAGE, "window total has one bucket; leave --bucket out.");
        }
        return Windows.bucket(time("--bucket", text, zone), window, zone);
    }

    /** The time that an option says: a day, a wall clock in {@code zone}, or a time with an offset. */
    static Instant time(String option, String text, ZoneId zone) {
        List<Function<String, Instant>> forms = List.of(
                t -> LocalDate.parse(t).atStartOfDay(zone).toInstant(),
                t -> LocalDateTime.parse(t.replace(' ', 'T')).atZone(zone).toInstant(),
                t -> OffsetDateTime.parse(t).toInstant());
        for (Function<String, Instant> form : forms) {
            try {
                return form.apply(text);
            } catch (DateTimeParseException e) {
                continue;
            }
        }
        throw new GranaryException(
                ErrorCode.USAGE,
                option + " is '" + text + "', which is no time. Write it as 2026-11-01, 2026-11-01T10:05 (in " + zone
                        + ") or 2026-11-01T10:05:00Z.");
    }
}
