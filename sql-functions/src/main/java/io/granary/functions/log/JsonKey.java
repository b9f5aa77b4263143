package io.granary.functions.log;

import java.util.Arrays;

/** What stood in front of a value, from the comma or brace on: a key with its quotes, its colon and blanks. */
final class JsonKey {
    private final byte[] text;
    private final long first;
    private final long mask;
    private final long last;

    final int length;

    /** -1 when none has this name. */
    final int column;

    JsonKey(byte[] text, int column) {
        this.text = text;
        this.column = column;
        length = text.length;
        mask = length < 8 ? (1L << 8 * length) - 1 : -1;
        first = Bytes.word(Arrays.copyOf(text, Math.max(8, length)), 0);
        last = length < 8 ? 0 : Bytes.word(text, length - 8);
    }

    /** Whether it stands at {@code from}: its first and its last eight bytes are compared, and the rest when there is one. */
    boolean isAt(byte[] line, int from, int to) {
        if (length > to - from || from + 8 > line.length || (Bytes.word(line, from) & mask) != first) {
            return false;
        }
        if (length <= 8) {
            return true;
        }
        return Bytes.word(line, from + length - 8) == last
                && (length <= 16 || Arrays.equals(line, from + 8, from + length - 8, text, 8, length - 8));
    }
}
