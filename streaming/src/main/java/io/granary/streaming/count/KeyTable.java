package io.granary.streaming.count;

import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Numbers keys of bytes from 0 on, in the order in which they are first seen. A key is written with {@link #begin} and the
 * {@code put} methods and looked up with {@link #id}.
 */
final class KeyTable implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int SEED = 42;

    private byte[] bytes = new byte[256];
    private int[] ends = new int[16];
    private int size;
    private int tail;
    /** 0 is free, else an id and one. */
    private transient int[] slots;

    int size() {
        return size;
    }

    void begin() {
        tail = start(size);
    }

    void putInt(int value) {
        room(Integer.BYTES);
        Platform.putInt(bytes, Platform.BYTE_ARRAY_OFFSET + tail, value);
        tail += Integer.BYTES;
    }

    void putLong(long value) {
        room(Long.BYTES);
        Platform.putLong(bytes, Platform.BYTE_ARRAY_OFFSET + tail, value);
        tail += Long.BYTES;
    }

    void putText(UTF8String text) {
        int length = text.numBytes();
        room(length);
        text.writeToMemory(bytes, Platform.BYTE_ARRAY_OFFSET + (long) tail);
        tail += length;
    }

    void putBytes(byte[] source, int from, int length) {
        room(length);
        System.arraycopy(source, from, bytes, tail, length);
        tail += length;
    }

    /** Number of the key that was written; it is {@link #size} minus one when the key is new. */
    int id() {
        if (slots == null) {
            rebuild(Math.max(64, Integer.highestOneBit(Math.max(1, size)) * 4));
        }
        int from = start(size);
        int length = tail - from;
        for (int at = slot(from, length); ; at = (at + 1) & (slots.length - 1)) {
            int found = slots[at] - 1;
            if (found < 0) {
                return add(at);
            }
            int other = start(found);
            if (ends[found] - other == length && Arrays.equals(bytes, other, other + length, bytes, from, tail)) {
                return found;
            }
        }
    }

    private int add(int slot) {
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, size * 2);
        }
        ends[size] = tail;
        slots[slot] = ++size;
        if (size * 2 > slots.length) {
            rebuild(slots.length * 2);
        }
        return size - 1;
    }

    private void rebuild(int length) {
        slots = new int[length];
        for (int id = 0; id < size; id++) {
            int at = slot(start(id), length(id));
            while (slots[at] != 0) {
                at = (at + 1) & (length - 1);
            }
            slots[at] = id + 1;
        }
    }

    private int slot(int from, int length) {
        long hash = XXH64.hashUnsafeBytes(bytes, Platform.BYTE_ARRAY_OFFSET + (long) from, length, SEED);
        return (int) (hash ^ hash >>> 32) & (slots.length - 1);
    }

    private void room(int more) {
        if (tail + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(tail + more, Math.addExact(bytes.length, bytes.length)));
        }
    }

    int start(int id) {
        return id == 0 ? 0 : ends[id - 1];
    }

    int length(int id) {
        return ends[id] - start(id);
    }

    int readInt(int at) {
        return Platform.getInt(bytes, Platform.BYTE_ARRAY_OFFSET + (long) at);
    }

    long readLong(int at) {
        return Platform.getLong(bytes, Platform.BYTE_ARRAY_OFFSET + (long) at);
    }

    String readText(int at, int length) {
        return UTF8String.fromBytes(bytes, at, length).toString();
    }

    byte[] bytes() {
        return bytes;
    }
}
