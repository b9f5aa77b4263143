package io.granary.streaming.count;

import java.io.Serializable;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Sums of whole numbers that stay exact: of one that leaves 64 bits it is known by how much, in whatever order it is added. */
final class Sums implements Serializable {
    private static final long serialVersionUID = 1L;

    private long[] low;
    /** By place, how many times 2^64 is to be added; null while no sum has left 64 bits. */
    private Map<Integer, Long> high;

    Sums(int size) {
        low = new long[size];
    }

    /** Makes room for the places below {@code size}. */
    void room(int size) {
        if (size > low.length) {
            low = Arrays.copyOf(low, Math.max(size, low.length * 2));
        }
    }

    void add(int place, long value) {
        long before = low[place];
        long sum = before + value;
        low[place] = sum;
        if (((before ^ sum) & (value ^ sum)) < 0) {
            carry(place, value < 0 ? -1 : 1);
        }
    }

    void add(int place, Sums others, int other) {
        add(place, others.low[other]);
        if (others.high != null && others.high.containsKey(other)) {
            carry(place, others.high.get(other));
        }
    }

    private void carry(int place, long times) {
        if (high == null) {
            high = new HashMap<>();
        }
        high.merge(place, times, Long::sum);
    }

    /** The sum, unless it {@link #isBeyond}. */
    long value(int place) {
        return low[place];
    }

    /** Whether the sum does not fit 64 bits. */
    boolean isBeyond(int place) {
        return high != null && high.getOrDefault(place, 0L) != 0;
    }

    BigInteger exact(int place) {
        long times = high == null ? 0 : high.getOrDefault(place, 0L);
        return BigInteger.valueOf(times).shiftLeft(Long.SIZE).add(BigInteger.valueOf(low[place]));
    }
}
