package io.granary.ingestion.flume.poll;

/**
 * Where a look at the table begins, in the order of watermark and key.
 *
 * @param mark the watermark: microseconds since 1970, or the number
 * @param key values of the key columns as a JSON array: rows behind this one are wanted; null: all of this mark too
 */
record Bound(long mark, String key) {
    /** The later one of two; either may be null. */
    static Bound later(Bound one, Bound other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        if (one.mark == other.mark) {
            return one.key == null ? other : one;
        }
        return one.mark > other.mark ? one : other;
    }
}
