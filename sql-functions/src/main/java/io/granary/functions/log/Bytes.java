package io.granary.functions.log;

import java.nio.ByteOrder;
import org.apache.spark.unsafe.Platform;

/** Searches bytes eight at a time. In each word only the first match is exact, and only that one is used. */
final class Bytes {
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long NEWLINES = '\n' * ONES;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;
    private static final long BLANKS = ' ' * ONES;
    private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private Bytes() {}

    /** Index of the first {@code \n}, or {@code end}. */
    static int newline(byte[] bytes, int from, int end) {
        int at = from;
        // lines are long
        while (at + 32 <= end && !isNewlineIn32(bytes, at)) {
            at += 32;
        }
        for (; at + 8 <= end; at += 8) {
            long found = zeros(word(bytes, at) ^ NEWLINES);
            if (found != 0) {
                return at + first(found);
            }
        }
        while (at < end && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    private static boolean isNewlineIn32(byte[] bytes, int at) {
        return (zeros(word(bytes, at) ^ NEWLINES)
                        | zeros(word(bytes, at + 8) ^ NEWLINES)
                        | zeros(word(bytes, at + 16) ^ NEWLINES)
                        | zeros(word(bytes, at + 24) ^ NEWLINES))
                != 0;
    }

    /** Index of the first {@code wanted}, or {@code end}. */
    static int indexOf(byte[] bytes, byte wanted, int from, int end) {
        long pattern = (wanted & 0xffL) * ONES;
        int at = from;
        for (; at + 8 <= end; at += 8) {
            long found = zeros(word(bytes, at) ^ pattern);
            if (found != 0) {
                return at + first(found);
            }
        }
        while (at < end && bytes[at] != wanted) {
            at++;
        }
        return at;
    }

    /** Index of the first double quote or backslash, or {@code end}. */
    static int quoteOrBackslash(byte[] bytes, int from, int end) {
        int at = from;
        for (; at + 8 <= end; at += 8) {
            long word = word(bytes, at);
            long found = zeros(word ^ QUOTES) | zeros(word ^ BACKSLASHES);
            if (found != 0) {
                return at + first(found);
            }
        }
        while (at < end && bytes[at] != '"' && bytes[at] != '\\') {
            at++;
        }
        return at;
    }

    /** Index of the first double quote, backslash or control character, or {@code end}. */
    static int endOfPlainJson(byte[] bytes, int from, int end) {
        int at = from;
        for (; at + 8 <= end; at += 8) {
            long found = stopsOfJson(word(bytes, at));
            if (found != 0) {
                return at + first(found);
            }
        }
        while (at < end && bytes[at] != '"' && bytes[at] != '\\' && (bytes[at] >= ' ' || bytes[at] < 0)) {
            at++;
        }
        return at;
    }

    /** Where in a word there are double quotes, backslashes and control characters: the first of them is exact. */
    static long stopsOfJson(long word) {
        return (word - BLANKS | (word ^ QUOTES) - ONES | (word ^ BACKSLASHES) - ONES) & ~word & HIGH_BITS;
    }

    /** What is in a word before the first byte found. */
    static long upTo(long word, long found) {
        return word & (found & -found) - 1;
    }

    static boolean isAscii(long word) {
        return (word & HIGH_BITS) == 0;
    }

    /** Index of the first byte above 127, or {@code end}. */
    static int endOfAscii(byte[] bytes, int from, int end) {
        int at = from;
        for (; at + 8 <= end; at += 8) {
            long found = word(bytes, at) & HIGH_BITS;
            if (found != 0) {
                return at + first(found);
            }
        }
        while (at < end && bytes[at] >= 0) {
            at++;
        }
        return at;
    }

    /** Whether {@code text} stands at {@code from}. */
    static boolean startsWith(byte[] bytes, int from, int end, byte[] text) {
        if (end - from < text.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (bytes[from + i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    /** Index of the first {@code text}, or -1. */
    static int indexOf(byte[] bytes, byte[] text, int from, int end) {
        for (int at = indexOf(bytes, text[0], from, end); at < end; at = indexOf(bytes, text[0], at + 1, end)) {
            if (startsWith(bytes, at, end, text)) {
                return at;
            }
        }
        return -1;
    }

    /** Eight bytes, the first one lowest. */
    static long word(byte[] bytes, int at) {
        long word = Platform.getLong(bytes, (long) Platform.BYTE_ARRAY_OFFSET + at);
        return LITTLE ? word : Long.reverseBytes(word);
    }

    private static long zeros(long word) {
        return word - ONES & ~word & HIGH_BITS;
    }

    /** Index in the word of the first byte found. */
    static int first(long found) {
        return Long.numberOfTrailingZeros(found) >>> 3;
    }
}
