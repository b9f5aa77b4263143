package io.granary.streaming.reconcile;

import io.granary.functions.sketch.RedisSketch;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.charset.StandardCharsets;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.unsafe.types.UTF8String;

/** The registers of a HyperLogLog as Redis keeps them. 16 KB. */
final class Sketch {
    private static final byte[] MAGIC = "HYLL".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 16;
    private static final int DENSE = 0;
    private static final int WIDTH = 6;
    private static final int HIGHEST_RANK = 51;
    private static final double ALPHA = 0.721347520444481703680;
    /** Of Spark's {@code xxhash64}. */
    private static final long SEED = 42;

    private final byte[] ranks = new byte[RedisSketch.REGISTERS];

    /**
     * @param value of the key in Redis; null: there is none
     * @throws GranaryException DATA when it is something else
     */
    static Sketch of(String key, byte[] value) {
        Sketch sketch = new Sketch();
        if (value == null) {
            return sketch;
        }
        for (int i = 0; i < MAGIC.length; i++) {
            if (value.length < HEADER || value[i] != MAGIC[i]) {
                throw new GranaryException(
                        ErrorCode.DATA,
                        "key " + key + " in Redis holds " + value.length + " bytes that are no HyperLogLog. Remove the"
                                + " key and run it again with --correct.");
            }
        }
        if (value[MAGIC.length] == DENSE) {
            sketch.dense(value);
        } else {
            sketch.sparse(value);
        }
        return sketch;
    }

    private void dense(byte[] value) {
        for (int register = 0; register < ranks.length; register++) {
            int bit = register * WIDTH;
            int at = HEADER + bit / Byte.SIZE;
            int next = at + 1 < value.length ? value[at + 1] & 0xff : 0;
            ranks[register] = (byte) ((value[at] & 0xff | next << Byte.SIZE) >>> bit % Byte.SIZE & (1 << WIDTH) - 1);
        }
    }

    /** Runs: {@code 00llllll} and {@code 01llllll llllllll} empty registers, {@code 1rrrrrll} some of one rank. */
    private void sparse(byte[] value) {
        int register = 0;
        for (int at = HEADER; at < value.length; at++) {
            int code = value[at] & 0xff;
            if (code >= 0x80) {
                for (int left = (code & 3) + 1; left > 0; left--) {
                    ranks[register++] = (byte) ((code >>> 2 & 0x1f) + 1);
                }
            } else if (code >= 0x40) {
                register += ((code & 0x3f) << Byte.SIZE | value[++at] & 0xff) + 1;
            } else {
                register += code + 1;
            }
        }
    }

    /** @param place of {@code sketch_place} */
    void add(int place) {
        int register = RedisSketch.registerOf(place);
        ranks[register] = (byte) Math.max(ranks[register], RedisSketch.rankOf(place));
    }

    void add(String member) {
        add(place(member));
    }

    /** {@code sketch_place}. */
    static int place(String member) {
        return RedisSketch.place(UTF8String.fromString(member));
    }

    static int register(int place) {
        return RedisSketch.registerOf(place);
    }

    Sketch with(Sketch other) {
        Sketch both = new Sketch();
        for (int i = 0; i < ranks.length; i++) {
            both.ranks[i] = (byte) Math.max(ranks[i], other.ranks[i]);
        }
        return both;
    }

    /** Whether a register is higher than in {@code other}. */
    boolean exceeds(Sketch other) {
        for (int i = 0; i < ranks.length; i++) {
            if (ranks[i] > other.ranks[i]) {
                return true;
            }
        }
        return false;
    }

    /** As {@code CounterSql.digests} has it; 0 of an empty one. */
    long digest() {
        long digest = 0;
        for (int i = 0; i < ranks.length; i++) {
            if (ranks[i] > 0) {
                digest ^= XXH64.hashInt(i << WIDTH | ranks[i], SEED);
            }
        }
        return digest;
    }

    /** How many members it has seen, as {@code PFCOUNT} estimates it (Ertl, 2017). */
    long estimate() {
        int[] registers = new int[1 << WIDTH];
        for (byte rank : ranks) {
            registers[rank]++;
        }
        double m = ranks.length;
        double z = m * tau((m - registers[HIGHEST_RANK]) / m);
        for (int rank = HIGHEST_RANK - 1; rank >= 1; rank--) {
            z = (z + registers[rank]) * 0.5;
        }
        z += m * sigma(registers[0] / m);
        return Math.round(ALPHA * m * m / z);
    }

    private static double sigma(double share) {
        if (share == 1) {
            return Double.POSITIVE_INFINITY;
        }
        double x = share;
        double y = 1;
        double z = x;
        double before;
        do {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        } while (before != z);
        return z;
    }

    private static double tau(double share) {
        if (share == 0 || share == 1) {
            return 0;
        }
        double x = share;
        double y = 1;
        double z = 1 - x;
        double before;
        do {
            x = Math.sqrt(x);
            before = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        } while (before != z);
        return z / 3;
    }
}
