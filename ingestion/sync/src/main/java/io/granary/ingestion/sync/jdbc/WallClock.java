package io.granary.ingestion.sync.jdbc;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

/**
 * Dates and times as a database shows them, with no time zone in between: the digits that are in the database are the
 * digits that are in the warehouse.
 */
public final class WallClock {
    private static final int DATE = "yyyy-MM-dd".length();
    private static final int SECONDS = "yyyy-MM-dd HH:mm:ss".length();
    private static final DateTimeFormatter DATE_TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");

    private WallClock() {}

    /**
     * Reads {@code yyyy-MM-dd}.
     *
     * @throws DateTimeException when the calendar has no such day: {@code 0000-00-00}, {@code 2026-02-00}
     */
    public static LocalDate date(String text) {
        if (text.length() < DATE || text.charAt(4) != '-' || text.charAt(7) != '-') {
            throw new DateTimeException("'" + text + "' is no date");
        }
        int year = digits(text, 0, 4);
        if (year == 0) {
            throw new DateTimeException("'" + text + "' has year 0");
        }
        return LocalDate.of(year, digits(text, 5, 7), digits(text, 8, 10));
    }

    /** Reads {@code yyyy-MM-dd HH:mm:ss[.ffffff]}. */
    public static LocalDateTime dateTime(String text) {
        LocalDate date = date(text);
        if (text.length() < SECONDS) {
            throw new DateTimeException("'" + text + "' is no date and time");
        }
        int nanos = 0;
        if (text.length() > SECONDS + 1) {
            String fraction = text.substring(SECONDS + 1);
            nanos = digits(fraction, 0, fraction.length());
            for (int i = fraction.length(); i < 9; i++) {
                nanos *= 10;
            }
        }
        return date.atTime(digits(text, 11, 13), digits(text, 14, 16), digits(text, 17, 19), nanos);
    }

    /** Writes microseconds too: {@code 2026-11-01 10:05:00.000000}. */
    public static String text(LocalDateTime dateTime) {
        return DATE_TIME.format(dateTime);
    }

    private static int digits(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new DateTimeException("'" + text + "' is no date");
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
