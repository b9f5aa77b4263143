package io.granary.functions.log;

import java.util.Arrays;

/**
 * Keys of objects. Lines of one log mostly have the same keys in the same order, so the k-th key is compared first with
 * what the k-th key was before.
 */
final class JsonKeys {
    private static final int REMEMBERED = 64;
    private static final byte[] NOTHING = {};

    private final byte[][] names;
    private final byte[][] seen = new byte[REMEMBERED][];
    private final int[] columns = new int[REMEMBERED];

    /** Index behind the key's closing quote, or {@link JsonScanner#BROKEN}. */
    int end;

    /** @param names by column; null where a column is not wanted */
    JsonKeys(byte[][] names) {
        this.names = names;
        Arrays.fill(seen, NOTHING);
    }

    /** Whether a column is wanted and has no value yet. */
    boolean isNew(int column, byte[] tokens) {
        return column >= 0 && tokens[column] == 0;
    }

    /**
     * The column of a key; -1 when none has this name.
     *
     * @param from index of the key's opening quote
     * @param ordinal how many keys are before it in the object
     */
    int at(byte[] line, int from, int to, int ordinal, JsonScanner scanner) {
        if (from >= to || line[from] != '"') {
            end = JsonScanner.BROKEN;
            return -1;
        }
        if (ordinal < REMEMBERED) {
            byte[] guess = seen[ordinal];
            int close = from + 1 + guess.length;
            if (guess.length > 0
                    && close < to
                    && line[close] == '"'
                    && Arrays.equals(line, from + 1, close, guess, 0, guess.length)) {
                end = close + 1;
                return columns[ordinal];
            }
        }
        int close = scanner.string(from + 1);
        end = close < 0 ? JsonScanner.BROKEN : close + 1;
        return close < 0 ? -1 : search(line, from + 1, close, ordinal, scanner.isEscaped);
    }

    private int search(byte[] line, int from, int to, int ordinal, boolean isEscaped) {
        byte[] key = isEscaped ? JsonText.plain(line, from, to) : Arrays.copyOfRange(line, from, to);
        int column = -1;
        for (int i = 0; i < names.length && column < 0; i++) {
            column = names[i] != null && Arrays.equals(names[i], key) ? i : -1;
        }
        if (ordinal < REMEMBERED && !isEscaped) {
            seen[ordinal] = key;
            columns[ordinal] = column;
        }
        return column;
    }
}
