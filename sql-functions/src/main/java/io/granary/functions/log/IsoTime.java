package io.granary.functions.log;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Option;

/**
 * Times and dates of JSON. What begins with a whole date is read as Spark's cast reads it in a session of UTC; the usual
 * form, {@code 2026-11-01T10:05:00.123Z}, is read here.
 */
final class IsoTime extends TimeReader {
    private static final int SECONDS = "2026-11-01T10:05:00".length();

    /** The last day as bytes, and as days since 1970. */
    private long yearAndMonth;

    private int dayOfMonth;
    private long day;

    IsoTime() {
        super("2026-11-01T10:05:00.123Z");
    }

    @Override
    long micros(byte[] line, int from, int to) {
        if (!isDate(line, from, to)) {
            return INVALID;
        }
        long quick = to - from > SECONDS ? quick(line, from, to) : INVALID;
        if (quick != INVALID) {
            return quick;
        }
        Option<Object> micros =
                DateTimeUtils.stringToTimestamp(UTF8String.fromBytes(line, from, to - from), ZoneOffset.UTC);
        return micros.isDefined() ? (Long) micros.get() : INVALID;
    }

    /** Days since 1970, or {@link #INVALID}. */
    static long days(byte[] line, int from, int to) {
        if (!isDate(line, from, to)) {
            return INVALID;
        }
        Option<Object> days = DateTimeUtils.stringToDate(UTF8String.fromBytes(line, from, to - from));
        return days.isDefined() ? (Integer) days.get() : INVALID;
    }

    /** Spark's cast takes '2026' and '10:00' (today!) for times as well. */
    private static boolean isDate(byte[] line, int from, int to) {
        return to - from >= 10
                && digits(line, from, 4) >= 0
                && line[from + 4] == '-'
                && digits(line, from + 5, 2) >= 0
                && line[from + 7] == '-'
                && digits(line, from + 8, 2) >= 0;
    }

    private long quick(byte[] line, int from, int to) {
        if (line[from + 10] != 'T' && line[from + 10] != ' ' || line[from + 13] != ':' || line[from + 16] != ':') {
            return INVALID;
        }
        int second = secondOfDay(digits(line, from + 11, 2), digits(line, from + 14, 2), digits(line, from + 17, 2));
        int at = from + SECONDS;
        int fraction = 0;
        if (line[at] == '.') {
            int count = 0;
            for (at++; at < to && count < 6 && line[at] >= '0' && line[at] <= '9'; at++, count++) {
                fraction = fraction * 10 + line[at] - '0';
            }
            for (; count < 6; count++) {
                fraction *= 10;
            }
        }
        if (second < 0 || at + 1 != to || line[at] != 'Z' || !toDay(line, from)) {
            return INVALID;
        }
        return (day * 86_400L + second) * 1_000_000L + fraction;
    }

    private boolean toDay(byte[] line, int from) {
        long atYearAndMonth = Bytes.word(line, from);
        int atDay = digits(line, from + 8, 2);
        if (atYearAndMonth == yearAndMonth && atDay == dayOfMonth) {
            return true;
        }
        try {
            day = LocalDate.of(digits(line, from, 4), digits(line, from + 5, 2), atDay)
                    .toEpochDay();
        } catch (DateTimeException e) {
            return false;
        }
        yearAndMonth = atYearAndMonth;
        dayOfMonth = atDay;
        return true;
    }
}
