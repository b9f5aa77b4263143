package io.granary.tablestore;

import java.time.Duration;

/**
 * How long publishers of one table wait for each other.
 *
 * @param limit after this a publisher gives up and says who holds the table
 * @param heartbeat how often a holder says that it lives
 * @param expiry a holder that said nothing for this long is dead; several heartbeats
 */
public record LockTerms(Duration limit, Duration heartbeat, Duration expiry) {
    public static final LockTerms DEFAULT =
            new LockTerms(Duration.ofMinutes(2), Duration.ofSeconds(5), Duration.ofSeconds(30));
}
