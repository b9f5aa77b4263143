package io.granary.streaming.reconcile;

/**
 * Two numbers that are not the same, and why. {@code redis - batch} is the sum of the parts behind them.
 *
 * @param unread what the stream has not read yet
 * @param dropped what it read and did not count, as its time was over or not yet near
 * @param quarantined lines that it could not read and that were loaded later
 * @param reclassified what the batch table says other than the model's SQL over the lines as they are now
 * @param sketch the error of a sketch, within its bound
 * @param unexplained what is left: an error, or a hand in Redis
 */
record Difference(
        Cell cell,
        long redis,
        long batch,
        long unread,
        long dropped,
        long quarantined,
        long reclassified,
        long sketch,
        long unexplained) {

    /** Standard error of Redis' HyperLogLog. */
    private static final double STANDARD_ERROR = 0.0081;
    /** In so many standard errors nearly all sketches lie: of large ones 99.7 %, of small ones more. */
    private static final int ERRORS = 3;

    /** How a measure can differ. */
    enum Kind {
        /** A count or a sum: differences add up. */
        ADDED,
        /** Members: what was dropped may have had members that others had too. */
        DISTINCT,
        /** Estimated members. */
        SKETCH
    }

    /**
     * A number by who says it.
     *
     * @param redis as it stands
     * @param batch the published table
     * @param now the model's SQL over the lines that are there now
     * @param read of these, over those that the stream has read
     * @param readWell of these, over those that it could read
     * @param dropped what the stream says it did not count; of distinct measures their rows
     */
    record Numbers(long redis, long batch, long now, long read, long readWell, long dropped) {}

    static Difference of(Cell cell, Kind kind, Numbers n) {
        long rest = n.redis() - n.read();
        long dropped = part(rest, -n.dropped());
        rest -= dropped;
        long quarantined = part(rest, n.readWell() - n.read());
        rest -= quarantined;
        long sketch = kind == Kind.SKETCH && Math.abs(rest) <= bound(n.readWell()) ? rest : 0;
        return new Difference(
                cell,
                n.redis(),
                n.batch(),
                n.read() - n.now(),
                dropped,
                quarantined,
                n.now() - n.batch(),
                sketch,
                rest - sketch);
    }

    /** How much of {@code rest} a cause accounts for that can account for {@code most}, and for nothing of the other sign. */
    private static long part(long rest, long most) {
        return most < 0 ? Math.max(most, Math.min(0, rest)) : Math.min(most, Math.max(0, rest));
    }

    /** By how much a sketch of so many members may be wrong. */
    static long bound(long members) {
        return Math.max(1, (long) Math.ceil(ERRORS * STANDARD_ERROR * members));
    }

    long late() {
        return unread + dropped;
    }

    /** What Redis must hold to say what the table says; what the stream will yet read is left to it. */
    long target() {
        return batch + unread;
    }
}
