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

/** Names one run for ever: {@code 20261121T200000Z-3f9a1c}. Sorts by time. */
public record RunId(String value) {
    private static final Pattern FORM = Pattern.compile("\\d{8}T\\d{6}Z-[0-9a-f]{6}");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final SecureRandom RANDOM = new SecureRandom();

    public RunId {
        if (!FORM.matcher(value).matches()) {
            throw new GranaryException(ErrorCode.DATA, "'" + value + "' is no run id such as 20261121T200000Z-3f9a1c");
        }
    }

    public static RunId next(Clock clock) {
        byte[] random = new byte[3];
        RANDOM.nextBytes(random);
        return new RunId(TIME.format(clock.instant()) + "-" + HexFormat.of().formatHex(random));
    }

    /** When the run began, by the clock of the machine it ran on. */
    public Instant startedAt() {
        return TIME.parse(value.substring(0, value.indexOf('-')), Instant::from);
    }

    @Override
    public String toString() {
        return value;
    }
}
