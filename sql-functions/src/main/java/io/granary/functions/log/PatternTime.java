package io.granary.functions.log;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Locale;

/** Times by a pattern of strftime's letters (io.granary.warehouse.log.format.Slot). */
final class PatternTime extends TimeReader {
    private static final String MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec ";
    private static final int NO_ZONE = Integer.MIN_VALUE;

    private final String pattern;
    private final ZoneId zone;
    private byte[] line;
    private int at;
    private int to;
    private int year;
    private int month;
    private int day;
    private int hour;
    private int minute;
    private int second;
    private long micros;
    private int offset;
    private long epoch;

    PatternTime(String pattern, String form, ZoneId zone) {
        super(form);
        this.pattern = pattern.replace("%T", "%H:%M:%S").replace("%F", "%Y-%m-%d");
        this.zone = zone;
    }

    @Override
    long micros(byte[] bytes, int from, int end) {
        line = bytes;
        at = from;
        to = end;
        year = 1970;
        month = 1;
        day = 1;
        hour = 0;
        minute = 0;
        second = 0;
        micros = 0;
        offset = NO_ZONE;
        epoch = INVALID;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            boolean read = c == '%' ? read(pattern.charAt(++i)) : literal(c);
            if (!read) {
                return INVALID;
            }
        }
        return at == to ? result() : INVALID;
    }

    private long result() {
        if (epoch != INVALID) {
            return epoch + micros;
        }
        try {
            LocalDateTime local = LocalDateTime.of(LocalDate.of(year, month, day), LocalTime.of(hour, minute, second));
            long seconds = offset == NO_ZONE
                    ? local.atZone(zone).toEpochSecond()
                    : local.toEpochSecond(java.time.ZoneOffset.UTC) - offset;
            return seconds * 1_000_000L + micros;
        } catch (DateTimeException e) {
            return INVALID;
        }
    }

    private boolean literal(char wanted) {
        return at < to && line[at++] == wanted;
    }

    private boolean read(char letter) {
        return switch (letter) {
            case 'Y' -> (year = number(4, 4)) > 0;
            case 'y' -> (year = number(2, 2)) >= 0 && (year += year < 69 ? 2000 : 1900) > 0;
            case 'm' -> (month = number(2, 2)) >= 0;
            case 'd', 'e' -> (letter != 'e' || blank()) && (day = number(1, 2)) >= 0;
            case 'H' -> (hour = number(2, 2)) >= 0;
            case 'M' -> (minute = number(2, 2)) >= 0;
            case 'S' -> (second = number(2, 2)) >= 0;
            case 'b', 'h', 'B' -> monthName(letter == 'B');
            case 'z' -> zoneOffset();
            case '3' -> (micros = number(3, 3) * 1_000L) >= 0;
            case '6' -> (micros = number(6, 6)) >= 0;
            case 's' -> epoch(1_000_000L) && (at == to || line[at] != '.' || fraction());
            case 'Q' -> epoch(1_000L);
            case 'q' -> epoch(1L);
            default -> literal('%');
        };
    }

    private boolean blank() {
        at += at < to && line[at] == ' ' ? 1 : 0;
        return true;
    }

    private int number(int least, int most) {
        int value = 0;
        int from = at;
        while (at < to && at - from < most && line[at] >= '0' && line[at] <= '9') {
            value = value * 10 + line[at++] - '0';
        }
        return at - from < least ? -1 : value;
    }

    private boolean epoch(long unit) {
        int from = at;
        while (at < to && line[at] >= '0' && line[at] <= '9') {
            at++;
        }
        long value = Numbers.count(line, from, at);
        // up to the year 9999
        if (value < 0 || value > 253_402_300_799_999_999L / unit) {
            return false;
        }
        epoch = value * unit;
        return true;
    }

    private boolean fraction() {
        long unit = 100_000L;
        for (at++; at < to && line[at] >= '0' && line[at] <= '9'; at++) {
            micros += (line[at] - '0') * unit;
            unit /= 10;
        }
        return true;
    }

    private boolean monthName(boolean isLong) {
        int from = at;
        while (at < to && (isLong || at - from < 3) && Character.isLetter(line[at])) {
            at++;
        }
        String name = new String(line, from, at - from, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        int index = name.length() < 3 ? -1 : MONTHS.indexOf(name.substring(0, 3) + " ");
        month = index / 4 + 1;
        return index >= 0;
    }

    /** {@code Z, +0100, +01:00}. */
    private boolean zoneOffset() {
        if (at < to && line[at] == 'Z') {
            at++;
            offset = 0;
            return true;
        }
        if (at + 5 > to || line[at] != '+' && line[at] != '-') {
            return false;
        }
        int sign = line[at++] == '-' ? -1 : 1;
        int hours = number(2, 2);
        at += at < to && line[at] == ':' ? 1 : 0;
        int minutes = number(2, 2);
        offset = sign * (hours * 3600 + minutes * 60);
        return hours >= 0 && hours <= 18 && minutes >= 0 && minutes <= 59;
    }
}
