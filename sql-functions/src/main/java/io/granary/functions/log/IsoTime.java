package io.granary.functions.log;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.YearMonth;
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
    private static final byte[] FIRST_MINUTE = "1970-01-01T00:00".getBytes(StandardCharsets.US_ASCII);
    private static final int[] TENS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000};

    /** The last minute, as bytes and in microseconds: most events are of the same one as the event before. */
    private long yearAndMonth = Bytes.word(FIRST_MINUTE, 0);

    private long dayAndMinute = Bytes.word(FIRST_MINUTE, 8);
    private long minute;

    IsoTime() {
        super("2026-11-01T10:05:00.123Z");
    }

    @Override
    long micros(byte[] line, int from, int to) {
        long quick = to - from > SECONDS ? quick(line, from, to) : INVALID;
        if (quick != INVALID || !isDate(line, from, to)) {
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
        if (line[to - 1] != 'Z' || line[from + 16] != ':' || !toMinute(line, from)) {
            return INVALID;
        }
        int second = digits(line, from + 17, 2);
        int fraction = to - 1 == from + SECONDS ? 0 : fraction(line, from + SECONDS, to - 1);
        if (second < 0 || second > 59 || fraction < 0) {
            return INVALID;
        }
        return minute + second * 1_000_000L + fraction;
    }

    /** Microseconds of a point and up to six digits; -1 when it is something else. */
    private static int fraction(byte[] line, int from, int to) {
        int count = to - from - 1;
        if (line[from] != '.' || count > 6) {
            return -1;
        }
        int value = digits(line, from + 1, count);
        return value < 0 ? -1 : value * TENS[6 - count];
    }

    private boolean toMinute(byte[] line, int from) {
        long atYearAndMonth = Bytes.word(line, from);
        long atDayAndMinute = Bytes.word(line, from + 8);
        if (atYearAndMonth == yearAndMonth && atDayAndMinute == dayAndMinute) {
            return true;
        }
        int second = secondOfDay(digits(line, from + 11, 2), digits(line, from + 14, 2), 0);
        boolean isSeparated = (line[from + 10] == 'T' || line[from + 10] == ' ') && line[from + 13] == ':';
        if (!isDate(line, from, from + SECONDS) || !isSeparated || second < 0) {
            return false;
        }
        int ofYear = digits(line, from, 4);
        int ofMonth = digits(line, from + 5, 2);
        int day = digits(line, from + 8, 2);
        if (ofMonth < 1
                || ofMonth > 12
                || day < 1
                || day > YearMonth.of(ofYear, ofMonth).lengthOfMonth()) {
            return false;
        }
        minute = (LocalDate.of(ofYear, ofMonth, day).toEpochDay() * 86_400L + second) * 1_000_000L;
        yearAndMonth = atYearAndMonth;
        dayAndMinute = atDayAndMinute;
        return true;
    }
}
