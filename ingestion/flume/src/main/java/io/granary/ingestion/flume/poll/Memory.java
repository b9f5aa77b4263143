package io.granary.ingestion.flume.poll;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is known of the rows inside the overlap: the version of each that is in the journal. It is bounded: with more rows
 * than that the overlap becomes shorter, which {@link #isShortened} says.
 */
final class Memory {
    /** A version that is in the journal. */
    record Seen(long hash, long mark) {}

    private final int bound;
    private final long overlap;
    private Map<String, Seen> known;
    private LinkedHashMap<String, Seen> looked = new LinkedHashMap<>();
    private long sequence;
    private Long newest;
    private Bound floor;
    private boolean shortened;

    /**
     * What a snapshot had.
     *
     * @param bound most rows
     * @param overlap in the watermark's unit
     */
    Memory(int bound, long overlap, Snapshot snapshot) {
        this.bound = bound;
        this.overlap = overlap;
        this.known = new HashMap<>(snapshot.rows());
        this.sequence = snapshot.sequence();
        this.newest = snapshot.newest();
        this.floor = snapshot.floor();
    }

    /** All that must be known to go on from here. */
    Snapshot snapshot() {
        Map<String, Seen> rows = new HashMap<>(known);
        rows.putAll(looked);
        return new Snapshot(sequence, newest, floor, rows);
    }

    /** Number of the newest version in the journal, 0 before the first. */
    long sequence() {
        return sequence;
    }

    /** A line of the journal. */
    void replay(long number, RowVersion row) {
        known.put(row.key(), new Seen(row.hash(), row.mark()));
        sequence = number;
        advance(row.mark());
    }

    /**
     * A look begins.
     *
     * @param now the database's time in the watermark's unit: a row that claims to be from the future moves nothing
     * @return from where on rows are wanted; null: from the first one
     */
    Bound begin(long now) {
        if (newest != null) {
            floor = Bound.later(floor, new Bound(Math.subtractExact(Math.min(newest, now), overlap), null));
            long lowest = floor.mark();
            known.values().removeIf(seen -> seen.mark() < lowest);
        }
        looked = new LinkedHashMap<>();
        return floor;
    }

    /** A row was read: whether the journal has not this version of it yet, which it is about to get. */
    boolean isNew(RowVersion row) {
        Seen last = looked.getOrDefault(row.key(), known.get(row.key()));
        looked.remove(row.key());
        looked.put(row.key(), new Seen(row.hash(), row.mark()));
        advance(row.mark());
        if (looked.size() > bound) {
            Iterator<Map.Entry<String, Seen>> oldest = looked.entrySet().iterator();
            Map.Entry<String, Seen> dropped = oldest.next();
            floor = Bound.later(floor, new Bound(dropped.getValue().mark(), dropped.getKey()));
            oldest.remove();
        }
        boolean isNew = last == null || last.hash() != row.hash();
        if (isNew) {
            sequence++;
        }
        return isNew;
    }

    /** A look has seen all rows: what it has not seen is no longer there. */
    void end() {
        known = looked;
        looked = new LinkedHashMap<>();
        shortened = floor != null && newest != null && floor.key() != null && floor.mark() > newest - overlap;
    }

    /** Whether there were more rows in the overlap than can be known. */
    boolean isShortened() {
        return shortened;
    }

    private void advance(long mark) {
        newest = newest == null ? mark : Long.valueOf(Math.max(newest, mark));
    }
}
