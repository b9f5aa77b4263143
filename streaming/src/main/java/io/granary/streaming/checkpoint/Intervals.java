package io.granary.streaming.checkpoint;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Offsets {@code [start, end)} of a file that ascend and do not touch: what of it was counted. */
public final class Intervals implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Starts at even places, ends at odd ones. */
    private long[] bounds;

    private int size;

    public Intervals() {
        bounds = new long[2];
    }

    public Intervals(Intervals other) {
        bounds = Arrays.copyOf(other.bounds, Math.max(2, other.size));
        size = other.size;
    }

    public static Intervals of(List<List<Long>> pairs) {
        Intervals all = new Intervals();
        pairs.forEach(p -> all.add(p.get(0), p.get(1)));
        return all;
    }

    /** As JSON has them. */
    public List<List<Long>> pairs() {
        List<List<Long>> pairs = new ArrayList<>();
        for (int i = 0; i < size; i += 2) {
            pairs.add(List.of(bounds[i], bounds[i + 1]));
        }
        return pairs;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** Index of the first interval that ends at or behind {@code offset}; {@code size} when there is none. */
    private int firstEndingFrom(long offset) {
        int i = size;
        while (i > 0 && bounds[i - 1] >= offset) {
            i -= 2;
        }
        return i;
    }

    public void add(long start, long end) {
        if (start >= end) {
            return;
        }
        int from = firstEndingFrom(start);
        int to = from;
        long low = start;
        long high = end;
        while (to < size && bounds[to] <= end) {
            low = Math.min(low, bounds[to]);
            high = Math.max(high, bounds[to + 1]);
            to += 2;
        }
        long[] next = to - from == 2 ? bounds : Arrays.copyOf(bounds, Math.max(2, size - (to - from) + 2));
        System.arraycopy(bounds, to, next, from + 2, size - to);
        next[from] = low;
        next[from + 1] = high;
        size += 2 - (to - from);
        bounds = next;
    }

    public void addAll(Intervals other) {
        for (int i = 0; i < other.size; i += 2) {
            add(other.bounds[i], other.bounds[i + 1]);
        }
    }

    /** What of {@code [start, end)} lies in these intervals. */
    public Intervals within(long start, long end) {
        Intervals part = new Intervals();
        for (int i = firstEndingFrom(start); i < size && bounds[i] < end; i += 2) {
            part.add(Math.max(start, bounds[i]), Math.min(end, bounds[i + 1]));
        }
        return part;
    }

    /** What of {@code [start, end)} does not. */
    public Intervals without(long start, long end) {
        Intervals part = new Intervals();
        long at = start;
        for (int i = firstEndingFrom(start); i < size && bounds[i] < end; i += 2) {
            part.add(at, Math.min(bounds[i], end));
            at = Math.max(at, bounds[i + 1]);
        }
        part.add(at, end);
        return part;
    }

    /** What of these intervals does not lie in others. */
    public Intervals minus(Intervals others) {
        Intervals rest = new Intervals();
        for (int i = 0; i < size; i += 2) {
            rest.addAll(others.without(bounds[i], bounds[i + 1]));
        }
        return rest;
    }

    public boolean covers(long start, long end) {
        return without(start, end).isEmpty();
    }

    public boolean meets(Intervals other) {
        for (int i = 0; i < other.size; i += 2) {
            if (!within(other.bounds[i], other.bounds[i + 1]).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Intervals that && pairs().equals(that.pairs());
    }

    @Override
    public int hashCode() {
        return pairs().hashCode();
    }

    @Override
    public String toString() {
        return pairs().toString();
    }
}
