package io.granary.bench.flink;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds some fields of a JSON object in its bytes, eight at a time, and stops when it has them all. Objects may have their
 * keys in any order; what is at which place is remembered as a guess for the next one.
 */
final class JsonFields {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';
    private static final long NEWLINES = ONES * '\n';
    private static final int GUESSES = 32;
    private static final int NONE = -1;

    /** Where each field's value begins, without quotes; -1 when the object does not have it. */
    final int[] from;
    /** Length of each value. */
    final int[] length;

    private final byte[][] names;
    private final int[] guess = new int[GUESSES];

    JsonFields(String... names) {
        this.names = Arrays.stream(names)
                .map(name -> name.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        this.from = new int[names.length];
        this.length = new int[names.length];
    }

    private static long marks(long word, long pattern) {
        long difference = word ^ pattern;
        return (difference - ONES) & ~difference & HIGH;
    }

    /** Index of the next newline, or {@code end}. */
    static int newline(byte[] a, int start, int end) {
        int p = start;
        for (; p + 8 <= end; p += 8) {
            long found = marks((long) LONGS.get(a, p), NEWLINES);
            if (found != 0) {
                return p + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        while (p < end && a[p] != '\n') {
            p++;
        }
        return p;
    }

    /** Index of the quote that ends the string which begins at {@code start}, or {@code end}. */
    private static int quote(byte[] a, int start, int end) {
        int p = start;
        while (p < end) {
            if (p + 8 <= end) {
                long word = (long) LONGS.get(a, p);
                long found = marks(word, QUOTES) | marks(word, BACKSLASHES);
                if (found == 0) {
                    p += 8;
                    continue;
                }
                p += Long.numberOfTrailingZeros(found) >>> 3;
            }
            if (a[p] == '"') {
                return p;
            }
            p += a[p] == '\\' ? 2 : 1;
        }
        return end;
    }

    /** Whether the object that begins at {@code start} has all fields. */
    boolean read(byte[] a, int start, int end) {
        Arrays.fill(from, NONE);
        int left = names.length;
        int p = start + 1;
        for (int key = 0; left > 0; key++) {
            while (p < end && (a[p] == ' ' || a[p] == ',')) {
                p++;
            }
            if (p >= end || a[p] != '"') {
                return false;
            }
            int nameEnd = quote(a, p + 1, end);
            int field = field(a, p + 1, nameEnd, key);
            p = nameEnd + 1;
            while (p < end && (a[p] == ' ' || a[p] == ':')) {
                p++;
            }
            if (p >= end) {
                return false;
            }
            boolean isText = a[p] == '"';
            int valueEnd = isText ? quote(a, p + 1, end) : scalarEnd(a, p, end);
            if (field >= 0 && from[field] == NONE) {
                from[field] = isText ? p + 1 : p;
                length[field] = valueEnd - from[field];
                left--;
            }
            p = isText ? valueEnd + 1 : valueEnd;
        }
        return true;
    }

    private static int scalarEnd(byte[] a, int start, int end) {
        int depth = 0;
        int p = start;
        for (; p < end; p++) {
            byte c = a[p];
            if (c == '"') {
                p = quote(a, p + 1, end);
            } else if (c == '{' || c == '[') {
                depth++;
            } else if (depth > 0 && (c == '}' || c == ']')) {
                depth--;
            } else if (depth == 0 && (c == ',' || c == '}')) {
                break;
            }
        }
        return p;
    }

    /** Which field it is, or -1. */
    private int field(byte[] a, int start, int end, int key) {
        int guessed = key < GUESSES ? guess[key] - 1 : NONE;
        if (guessed >= 0 && is(guessed, a, start, end)) {
            return guessed;
        }
        for (int i = 0; i < names.length; i++) {
            if (is(i, a, start, end)) {
                if (key < GUESSES) {
                    guess[key] = i + 1;
                }
                return i;
            }
        }
        return NONE;
    }

    private boolean is(int field, byte[] a, int start, int end) {
        return Arrays.equals(names[field], 0, names[field].length, a, start, end);
    }
}
