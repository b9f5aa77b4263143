package io.granary.ingestion.sync.redis;

import java.time.Duration;

/**
 * How long things may last while attributes are loaded.
 *
 * @param grace how long the version before can still be read after the switch
 * @param lease how long a loader may give no sign before another takes its place
 * @param patience how long to wait for another loader
 */
public record AttributeTimes(Duration grace, Duration lease, Duration patience) {
    public static final AttributeTimes DEFAULT =
            new AttributeTimes(Duration.ofMinutes(10), Duration.ofSeconds(30), Duration.ofSeconds(60));
}
