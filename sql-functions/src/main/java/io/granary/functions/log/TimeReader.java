package io.granary.functions.log;

import java.time.ZoneId;

/** Reads times of one form; each reader remembers the last day, so it belongs to one thread. */
abstract class TimeReader {
    /** What {@link #micros} returns for a text that is no such time. */
    static final long INVALID = Long.MIN_VALUE;

    private static final String CLF = "%d/%b/%Y:%H:%M:%S %z";
    private static final String ISO = "%Y-%m-%dT%H:%M:%S%z";

    private final String form;

    TimeReader(String form) {
        this.form = form;
    }

    /** @param zone of times that name none */
    static TimeReader of(String pattern, ZoneId zone) {
        return switch (pattern) {
            case CLF -> new ClfTime();
            case ISO -> new PatternTime(ISO, "2015-05-17T10:05:03+00:00", zone);
            case "%s" -> new PatternTime("%s", "1431857103.000 (seconds since 1970)", zone);
            case "%Q" -> new PatternTime("%Q", "1431857103000 (milliseconds since 1970)", zone);
            case "%q" -> new PatternTime("%q", "1431857103000000 (microseconds since 1970)", zone);
            default -> new PatternTime(pattern, pattern, zone);
        };
    }

    /** Microseconds since 1970, UTC, or {@link #INVALID}. */
    abstract long micros(byte[] line, int from, int to);

    /** The form, for messages: an example. */
    String form() {
        return form;
    }

    /** The number of these digits; -1 when they are none. */
    static int digits(byte[] line, int from, int count) {
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

    /** Seconds of a time of day; -1 when it is none. */
    static int secondOfDay(int hour, int minute, int second) {
        boolean valid = hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59;
        return valid ? hour * 3600 + minute * 60 + second : -1;
    }
}
