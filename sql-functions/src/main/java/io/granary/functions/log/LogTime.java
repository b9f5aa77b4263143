package io.granary.functions.log;

import java.time.LocalDate;
import java.time.YearMonth;

/** The time of Apache and nginx access logs: {@code 17/May/2015:10:05:03 +0000}, any offset. */
final class LogTime {
    /** What {@link #micros} returns for a text that is no such time. */
    static final long INVALID = Long.MIN_VALUE;

    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final int LENGTH = "17/May/2015:10:05:03 +0000".length();

    private LogTime() {}

    /** Microseconds since 1970, UTC. */
    static long micros(byte[] line, int from, int to) {
        if (to - from != LENGTH || !separated(line, from)) {
            return INVALID;
        }
        int day = digits(line, from, 2);
        int month = month(line, from + 3);
        int year = digits(line, from + 7, 4);
        int hour = digits(line, from + 12, 2);
        int minute = digits(line, from + 15, 2);
        int second = digits(line, from + 18, 2);
        int zoneHours = digits(line, from + 22, 2);
        int zoneMinutes = digits(line, from + 24, 2);
        if (day < 1 || month < 1 || year < 1 || day > YearMonth.of(year, month).lengthOfMonth()) {
            return INVALID;
        }
        if (!within(hour, 23) || !within(minute, 59) || !within(second, 59)) {
            return INVALID;
        }
        if (!within(zoneHours, 18) || !within(zoneMinutes, 59)) {
            return INVALID;
        }
        long seconds = LocalDate.of(year, month, day).toEpochDay() * 86_400L + hour * 3600L + minute * 60L + second;
        long offset = zoneHours * 3600L + zoneMinutes * 60L;
        return (seconds - (line[from + 21] == '-' ? -offset : offset)) * 1_000_000L;
    }

    private static boolean separated(byte[] line, int from) {
        return line[from + 2] == '/'
                && line[from + 6] == '/'
                && line[from + 11] == ':'
                && line[from + 14] == ':'
                && line[from + 17] == ':'
                && line[from + 20] == ' '
                && (line[from + 21] == '+' || line[from + 21] == '-');
    }

    private static boolean within(int value, int max) {
        return value >= 0 && value <= max;
    }

    /** From 1; 0 when it is no month. */
    private static int month(byte[] line, int from) {
        for (int i = 0; i < MONTHS.length(); i += 3) {
            if (line[from] == MONTHS.charAt(i)
                    && line[from + 1] == MONTHS.charAt(i + 1)
                    && line[from + 2] == MONTHS.charAt(i + 2)) {
                return i / 3 + 1;
            }
        }
        return 0;
    }

    /** -1 when these are not digits. */
    private static int digits(byte[] line, int from, int count) {
        int value = 0;
        for (int i = from; i < from + count; i++) {
            int digit = line[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
