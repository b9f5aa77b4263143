package io.granary.streaming.store;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;

/**
 * Who counts into Redis: written into every fence, so that two of them never add to the same numbers.
 *
 * @param token born with the checkpoint
 * @param generation rises with every rebuild from that checkpoint; the first is 1
 */
public record Epoch(String token, long generation) {
    /** Reads what {@link #toString} wrote. */
    public static Epoch parse(String text) {
        int dot = text.lastIndexOf('.');
        try {
            return new Epoch(text.substring(0, Math.max(0, dot)), Long.parseLong(text.substring(dot + 1)));
        } catch (NumberFormatException e) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "'" + text + "' is no epoch (<token>.<generation>) of a query. Remove the query's keys from Redis"
                            + " and its checkpoint to count anew.",
                    e);
        }
    }

    /** The epoch after this one and after all of the same token that are known. */
    public Epoch next(long known) {
        return new Epoch(token, Math.max(generation, known) + 1);
    }

    /** As it stands in Redis and in the checkpoint. */
    @Override
    public String toString() {
        return token + "." + generation;
    }
}
