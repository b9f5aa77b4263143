package io.granary.streaming.replay;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Map;

/**
 * Since when a counter counts, and what: an entry of {@code counters.json} in the checkpoint.
 *
 * @param definition what may not change while it goes on ({@link Definition#parts})
 * @param batch it counts the lines of the batches after this one; -1: of all
 * @param from it counts events from this time on, epoch milliseconds, whatever batch brought their lines and whether the
 *     stream ever saw them; null: all events of its batches
 * @param since when it began to count, epoch milliseconds
 * @param pending what was counted before must yet be counted for it; its keys hold nothing that is of use
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CounterStart(Map<String, String> definition, long batch, Long from, long since, boolean pending) {
    /** From when on it has numbers, epoch milliseconds; 0: nobody knows. */
    long begin() {
        return from == null ? since : from;
    }

    CounterStart replayed() {
        return new CounterStart(definition, batch, from, since, false);
    }
}
