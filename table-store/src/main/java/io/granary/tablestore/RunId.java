package io.granary.tablestore;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Names one run for ever: {@code 20261121T200000Z-3f9a1c}. Sorts by time to the millisecond, which the six digits begin with.
 */
public record RunId(String value) implements Comparable<RunId> {
    private static final Pattern FORM = Pattern.compile("\\d{8}T\\d{6}Z-[0-9a-f]{6}");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int MILLIS = 1000;
    /** Different runs of a millisecond, as six hexadecimal digits hold them. */
    private static final int OF_A_MILLISECOND = (1 << 24) / MILLIS;

    public RunId {
        if (!FORM.matcher(value).matches()) {
            throw new GranaryException(ErrorCode.DATA, "'" + value + "' is no run id such as 20261121T200000Z-3f9a1c");
        }
    }

    public static RunId next(Clock clock) {
        Instant now = clock.instant();
        int millis = now.getNano() / 1_000_000;
        int number = millis * OF_A_MILLISECOND + RANDOM.nextInt(OF_A_MILLISECOND);
        return new RunId(TIME.format(now) + "-" + HexFormat.of().toHexDigits(number, 6));
    }

    /** When the run began, by the clock of the machine it ran on, in whole seconds. */
    public Instant startedAt() {
        return TIME.parse(value.substring(0, value.indexOf('-')), Instant::from);
    }

    /** The later run is the greater one; of runs of the same millisecond any, but always the same. */
    @Override
    public int compareTo(RunId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
