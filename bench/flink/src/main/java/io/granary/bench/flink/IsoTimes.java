package io.granary.bench.flink;

import java.time.LocalDate;
import java.util.Arrays;

/** Times such as {@code 2026-11-22T10:28:19.123Z}, mostly of the same day as the one before. */
final class IsoTimes {
    private static final int DATE = "2026-11-22".length();

    private final char[] date = new char[DATE];
    private long midnight;

    /** Milliseconds since 1970. */
    long millis(char[] text, int from) {
        if (!Arrays.equals(date, 0, DATE, text, from, from + DATE)) {
            System.arraycopy(text, from, date, 0, DATE);
            midnight = LocalDate.parse(new String(date)).toEpochDay() * 86_400_000L;
        }
        long second = (two(text, from + 11) * 60L + two(text, from + 14)) * 60 + two(text, from + 17);
        return midnight + second * 1000 + (text[from + 20] - '0') * 100 + two(text, from + 21);
    }

    private static int two(char[] text, int from) {
        return (text[from] - '0') * 10 + text[from + 1] - '0';
    }
}
