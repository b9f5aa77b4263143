package io.granary.streaming.reconcile;

import io.granary.warehouse.redis.RedisKeys;

/**
 * Where a number of a counter stands.
 *
 * @param bucket first second of the window, epoch seconds
 * @param by encoded values of the dimensions; of what is beyond {@code max_keys} the text of {@link #more}
 * @param measure its name; {@link #ROWS} for the number of rows
 */
record Cell(String window, long bucket, String by, String measure) {
    static final String ROWS = "";

    private static final String MORE = RedisKeys.MORE + "/";

    /** In place of {@code by}: all combinations of a bucket and shard that it had no room for. */
    static String more(int shard) {
        return MORE + shard;
    }

    boolean isMore() {
        return by.startsWith(MORE);
    }

    /** By which the keys and fields in Redis are named. */
    String redisBy() {
        return isMore() ? RedisKeys.MORE : by;
    }

    int shard(String counter) {
        return isMore() ? Integer.parseInt(by.substring(MORE.length())) : RedisKeys.shard(counter, by);
    }

    Cell of(String otherMeasure) {
        return new Cell(window, bucket, by, otherMeasure);
    }

    Cell pooled(int shard) {
        return new Cell(window, bucket, more(shard), measure);
    }
}
