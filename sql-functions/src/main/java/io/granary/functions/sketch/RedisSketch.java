package io.granary.functions.sketch;

import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Where Redis' HyperLogLog puts a member: of all members of a register only one with the highest rank changes it, so a
 * batch needs to send at most one for each of the 16,384 registers, whatever number of members it saw.
 */
public final class RedisSketch {
    public static final int REGISTERS = 1 << 14;

    private static final long SEED = 0xadc83b19L;
    private static final long M = 0xc6a4a7935bd1e995L;
    private static final int R = 47;
    private static final int BITS = 14;
    /** Bits of a place that hold the rank. */
    private static final int RANK_BITS = 6;

    private RedisSketch() {}

    private static int register(long hash) {
        return (int) hash & (REGISTERS - 1);
    }

    /** {@code sketch_place(member)}: 64 times the register, and the rank. */
    public static int place(UTF8String member) {
        long hash = hash(member.getBaseObject(), member.getBaseOffset(), member.numBytes());
        return register(hash) << RANK_BITS | rank(hash);
    }

    public static int registerOf(int place) {
        return place >>> RANK_BITS;
    }

    public static int rankOf(int place) {
        return place & ((1 << RANK_BITS) - 1);
    }

    /** 1 to 51: how many zeros stand in front of the first one behind the register's bits, and one. */
    private static int rank(long hash) {
        return Long.numberOfTrailingZeros(hash >>> BITS | 1L << (Long.SIZE - BITS)) + 1;
    }

    /** MurmurHash64A as Redis has it, for little-endian machines. */
    private static long hash(Object base, long offset, int length) {
        long h = SEED ^ length * M;
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            long k = Platform.getLong(base, offset + at) * M;
            k ^= k >>> R;
            h = (h ^ k * M) * M;
        }
        if (at < length) {
            for (int i = length - 1; i >= at; i--) {
                h ^= (Platform.getByte(base, offset + i) & 0xffL) << 8 * (i - at);
            }
            h *= M;
        }
        h ^= h >>> R;
        h *= M;
        return h ^ h >>> R;
    }
}
