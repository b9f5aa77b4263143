package io.granary.streaming.replay;

import io.granary.streaming.checkpoint.Checkpoint;
import java.time.Instant;

/**
 * What a person asks of a counter, a file of {@code requests/} in the checkpoint: its keys are removed and it counts anew
 * when the streaming job starts the next time.
 *
 * @param from events from this time on, epoch milliseconds; null: lines that come from then on
 */
public record CountRequest(String counter, Long from) {
    static final String FOLDER = "requests";

    /** Leaves the request in place of an earlier one for the same counter. */
    public static void leave(Checkpoint checkpoint, String counter, Instant from) {
        checkpoint.keep(file(counter), new CountRequest(counter, from == null ? null : from.toEpochMilli()));
    }

    static String file(String counter) {
        return FOLDER + "/" + counter + ".json";
    }
}
