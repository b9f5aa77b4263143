package io.granary.warehouse.redis;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/** The windows of counters and the bucket an instant falls into. */
public final class Windows {
    /** The window of all time, whose only bucket is 0. */
    public static final String TOTAL = "total";

    public static final List<String> NAMES = List.of("10s", "1m", "5m", "1h", "1d", TOTAL);

    private Windows() {}

    /** First second of the window that holds {@code at}, epoch seconds; a day begins at midnight in {@code zone}; {@code total} is 0. */
    public static long bucket(Instant at, String window, ZoneId zone) {
        long second = at.getEpochSecond();
        return switch (window) {
            case TOTAL -> 0;
            case "1d" -> at.atZone(zone).toLocalDate().atStartOfDay(zone).toEpochSecond();
            default ->
                Math.floorDiv(second, length(window).toSeconds())
                        * length(window).toSeconds();
        };
    }

    /** First second behind the window that begins at {@code bucket}; {@code total} does not end. */
    public static long end(long bucket, String window, ZoneId zone) {
        return switch (window) {
            case TOTAL -> Long.MAX_VALUE;
            case "1d" ->
                Instant.ofEpochSecond(bucket)
                        .atZone(zone)
                        .toLocalDate()
                        .plusDays(1)
                        .atStartOfDay(zone)
                        .toEpochSecond();
            default -> bucket + length(window).toSeconds();
        };
    }

    /** Length of a window of fixed length. */
    public static Duration length(String window) {
        return switch (window) {
            case "10s" -> Duration.ofSeconds(10);
            case "1m" -> Duration.ofMinutes(1);
            case "5m" -> Duration.ofMinutes(5);
            case "1h" -> Duration.ofHours(1);
            default ->
                throw new GranaryException(
                        ErrorCode.USAGE, "window '" + window + "' has no fixed length; known windows: " + NAMES);
        };
    }
}
