package io.granary.ingestion.flume.poll;

/**
 * Where a look at the table begins, in the order of watermark and key.
 *
 * @param mark the watermark: microseconds since 1970, or the number
 * @param key values of the key columns as a JSON array: rows behind this one are wanted; null: all of this mark too
 */
record Bound(long mark, String key) {
    /** The later one of two, of which either may be null; of the same mark that with the key, and of two the other. */
    static Bound later(Bound one, Bound other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        if (one.mark == other.mark) {
            return other.key == null ? one : other;
        }
        return one.mark > other.mark ? one : other;
    }
}
