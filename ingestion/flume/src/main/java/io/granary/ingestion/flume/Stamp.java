package io.granary.ingestion.flume;

import java.time.Duration;
import java.time.Instant;

/**
 * The time that records carry as {@code collected_at}. It never goes back by a little, and after a heartbeat it goes on:
 * so what a heartbeat says of all lines up to its time stays true. A clock that was far ahead and is set right is
 * followed; lines collected then may come below an earlier heartbeat, as late ones do.
 */
final class Stamp {
    /** How far the clock may go back and be waited for. */
    static final Duration WAITED_FOR = Duration.ofMinutes(10);

    private final Complaints complaints;
    private long last = Long.MIN_VALUE;

    Stamp(Complaints complaints) {
        this.complaints = complaints;
    }

    /** Milliseconds since 1970. */
    long at(Instant now) {
        long clock = now.toEpochMilli();
        if (clock < last) {
            if (last - clock <= WAITED_FOR.toMillis()) {
                return last;
            }
            complaints.say(
                    now,
                    "the clock went back from " + Instant.ofEpochMilli(last) + " to " + now
                            + "; lines are collected under the new time from now on");
        }
        last = clock;
        return clock;
    }

    /** A heartbeat was made at this time: what is read from now on is collected later. */
    void pass() {
        last++;
    }
}
