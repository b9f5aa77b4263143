package io.granary.streaming.store;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.redis.RedisKeys;

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

    /** The keys that say who counts a query, for a message: without them a checkpoint that has no batch may begin. */
    public static String keys(String query) {
        return RedisKeys.epoch(query) + " and " + RedisKeys.fence(0, query) + " to "
                + RedisKeys.fence(RedisKeys.SHARDS - 1, query);
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
