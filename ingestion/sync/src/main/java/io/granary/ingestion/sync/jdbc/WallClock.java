package io.granary.ingestion.sync.jdbc;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.apache.hadoop.hive.ql.exec.vector.TimestampColumnVector;

/**
 * Dates and times as a database shows them, with no time zone in between: the digits that are in the database are the
 * digits that are in the warehouse. Texts are ASCII: {@code yyyy-MM-dd}, {@code yyyy-MM-dd HH:mm:ss[.fffffffff][+00]}.
 */
public final class WallClock {
    private static final int DATE = "yyyy-MM-dd".length();
    private static final int SECONDS = "yyyy-MM-dd HH:mm:ss".length();
    private static final int NANO_DIGITS = 9;
    private static final DateTimeFormatter DATE_TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");

    private WallClock() {}

    /**
     * Days since 1970-01-01 of {@code yyyy-MM-dd}.
     *
     * @throws DateTimeException when the calendar has no such day: {@code 0000-00-00}, {@code 2026-02-30}
     */
    public static long epochDay(byte[] text, int start, int length) {
        if (length != DATE) {
            throw noDate(text, start, length);
        }
        return day(text, start, length);
    }

    /** Seconds since 1970-01-01 00:00:00 on the same clock; the fraction is {@link #nanos}. */
    public static long epochSecond(byte[] text, int start, int length) {
        if (length < SECONDS || text[start + 13] != ':' || text[start + 16] != ':') {
            throw noDate(text, start, length);
        }
        int hour = digits(text, start, length, 11, 13);
        int minute = digits(text, start, length, 14, 16);
        int second = digits(text, start, length, 17, 19);
        if (hour > 23 || minute > 59 || second > 59) {
            throw noDate(text, start, length);
        }
        return day(text, start, length) * 86_400L + hour * 3600L + minute * 60L + second;
    }

    /** Nanoseconds within the second. */
    public static int nanos(byte[] text, int start, int length) {
        int end = length;
        if (end >= SECONDS + 3 && text[start + end - 3] == '+') {
            if (text[start + end - 2] != '0' || text[start + end - 1] != '0') {
                throw noDate(text, start, length);
            }
            end -= 3;
        }
        if (end == SECONDS) {
            return 0;
        }
        int given = end - SECONDS - 1;
        if (text[start + SECONDS] != '.' || given < 1 || given > NANO_DIGITS) {
            throw noDate(text, start, length);
        }
        int nanos = digits(text, start, length, SECONDS + 1, end);
        for (int i = given; i < NANO_DIGITS; i++) {
            nanos *= 10;
        }
        return nanos;
    }

    /** Reads {@code yyyy-MM-dd}. */
    public static LocalDate date(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return LocalDate.ofEpochDay(epochDay(bytes, 0, bytes.length));
    }

    /** Reads {@code yyyy-MM-dd HH:mm:ss[.fffffffff]}. */
    public static LocalDateTime dateTime(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return LocalDateTime.ofEpochSecond(
                epochSecond(bytes, 0, bytes.length), nanos(bytes, 0, bytes.length), ZoneOffset.UTC);
    }

    /**
     * Puts a time into a vector.
     *
     * @throws DateTimeException in the second before 1970, if it is not its beginning: ORC cannot tell it from the one after
     */
    static void set(TimestampColumnVector vector, int at, long second, int nanos) {
        if (second == -1 && nanos > 0) {
            throw new DateTimeException("ORC cannot tell the second before 1970 from the one after it");
        }
        vector.time[at] = second * 1000 + nanos / 1_000_000;
        vector.nanos[at] = nanos;
    }

    /** Writes microseconds too: {@code 2026-11-01 10:05:00.000000}. */
    public static String text(LocalDateTime dateTime) {
        return DATE_TIME.format(dateTime);
    }

    private static long day(byte[] text, int start, int length) {
        if (text[start + 4] != '-' || text[start + 7] != '-') {
            throw noDate(text, start, length);
        }
        int year = digits(text, start, length, 0, 4);
        if (year == 0) {
            throw new DateTimeException("'" + shown(text, start, length) + "' has year 0");
        }
        return LocalDate.of(year, digits(text, start, length, 5, 7), digits(text, start, length, 8, 10))
                .toEpochDay();
    }

    private static int digits(byte[] text, int start, int length, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = text[start + i] - '0';
            if (digit < 0 || digit > 9) {
                throw noDate(text, start, length);
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private static DateTimeException noDate(byte[] text, int start, int length) {
        return new DateTimeException("'" + shown(text, start, length) + "' is no date");
    }

    private static String shown(byte[] text, int start, int length) {
        return new String(text, start, length, StandardCharsets.UTF_8);
    }
}
