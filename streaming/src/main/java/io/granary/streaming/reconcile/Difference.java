package io.granary.streaming.reconcile;

/**
 * Two numbers that are not the same, and why. {@code redis - batch} is the sum of the parts behind them.
 *
 * @param unread what the stream has not read yet
 * @param dropped what it read and did not count, as its time was over or not yet near
 * @param beforeStart what is older than the counter
 * @param notSealed what it has counted and the warehouse does not have yet
 * @param quarantined lines that it could not read and that were loaded later
 * @param reclassified what the batch table says other than the model's SQL over the lines as they are now, and what other
 *     versions of the dimensions make of them
 * @param sketch what the right sketch says other than its members
 * @param unexplained what is left: an error, or a hand in Redis
 */
record Difference(
        Cell cell,
        long redis,
        long batch,
        long unread,
        long dropped,
        long beforeStart,
        long notSealed,
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
     * @param mine of these, over those that came after the counter began
     * @param joined of these, with the dimensions that the stream had
     * @param readWell of these, over those that it could read
     * @param notSealed what lines give that are not there yet
     * @param dropped what the stream says it did not count; of distinct measures their rows
     */
    record Numbers(
            long redis,
            long batch,
            long now,
            long read,
            long mine,
            long joined,
            long readWell,
            long notSealed,
            long dropped) {
        long reclassified() {
            return now - batch + joined - mine;
        }
    }

    static Difference of(Cell cell, Kind kind, Numbers n) {
        long rest = n.redis() - n.joined() - n.notSealed();
        long dropped = part(rest, -n.dropped());
        long quarantined = part(rest - dropped, n.readWell() - n.joined());
        long unexplained = rest - dropped - quarantined;
        Difference corrected = corrected(cell, kind, n);
        if (unexplained != 0 && corrected.unexplained() == 0) {
            return corrected;
        }
        return split(cell, n, dropped, quarantined, 0, unexplained);
    }

    /** The parts that lines tell are the same of every kind of number. */
    private static Difference split(
            Cell cell, Numbers n, long dropped, long quarantined, long sketchError, long unexplained) {
        return new Difference(
                cell,
                n.redis(),
                n.batch(),
                n.read() - n.now(),
                dropped,
                n.mine() - n.read(),
                n.notSealed(),
                quarantined,
                n.reclassified(),
                sketchError,
                unexplained);
    }

    /** When Redis says what the table says: what was explained once and corrected needs no explanation any more. */
    private static Difference corrected(Cell cell, Kind kind, Numbers n) {
        long before = n.mine() - n.read();
        long rest = n.redis() - n.batch() - before - n.notSealed();
        long most = n.read() - n.now();
        // a correction puts in the members of lines that are yet to be read: once more they change nothing
        long unread = kind == Kind.ADDED ? most : part(rest, most);
        long dropped = part(rest - unread, -n.dropped());
        return new Difference(
                cell, n.redis(), n.batch(), unread, dropped, before, n.notSealed(), 0, 0, 0, rest - unread - dropped);
    }

    /** Of a sketch that is as its members make it. */
    static Difference ofSketch(Cell cell, long redis, long batch) {
        return new Difference(cell, redis, batch, 0, 0, 0, 0, 0, 0, redis - batch, 0);
    }

    /** Of a sketch: what is neither explained by lines nor {@code wrong} is its error. */
    static Difference ofSketch(Cell cell, Numbers n, long dropped, long quarantined, long wrong) {
        long error = n.redis() - n.joined() - n.notSealed() - quarantined - dropped - wrong;
        return split(cell, n, dropped, quarantined, error, wrong);
    }

    /** How much of {@code rest} a cause accounts for that can account for {@code most}, and for nothing of the other sign. */
    private static long part(long rest, long most) {
        return most < 0 ? Math.max(most, Math.min(0, rest)) : Math.min(most, Math.max(0, rest));
    }

    /** By how much a sketch of so many members may be wrong: nearly all are by less. */
    static long bound(long members) {
        return Math.max(1, (long) Math.ceil(ERRORS * STANDARD_ERROR * members));
    }

    long late() {
        return unread + dropped;
    }

    /** Whether it is more than the error that any sketch has. */
    boolean isToCorrect() {
        return redis - batch != sketch || unexplained != 0;
    }

    /** What Redis must hold to say what the table says; what the stream counts by itself is left to it. */
    long target() {
        return batch + unread + beforeStart + notSealed;
    }
}
