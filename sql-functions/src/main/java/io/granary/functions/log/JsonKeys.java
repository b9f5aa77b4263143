package io.granary.functions.log;

import java.util.Arrays;

/**
 * Keys of objects. Lines of one log mostly have the same keys in the same order, so what stands between two values is
 * compared first with what stood there in the lines before, then with what came a little later there (a key may be
 * missing), and only then read.
 */
final class JsonKeys {
    private static final int REMEMBERED = 64;
    private static final int LONGEST = 256;
    private static final int AHEAD = 8;

    private final byte[][] names;
    /** In the order of the lines; the last place stays empty. */
    private final JsonKey[] seen = new JsonKey[REMEMBERED + 1];

    private int count;
    private int next;

    /** Index of the value, or {@link JsonScanner#BROKEN}. */
    int end;

    /** @param names by column; null where a column is not wanted */
    JsonKeys(byte[][] names) {
        this.names = names;
    }

    /** A new object is there. */
    void begin() {
        next = 0;
    }

    /**
     * The column of the next key; -1 when none has this name. The value may still have blanks in front of it.
     *
     * @param from index behind the comma or the brace
     */
    int at(byte[] line, int from, int to, JsonScanner scanner) {
        JsonKey guess = seen[next];
        if (guess != null && guess.isAt(line, from, to)) {
            next++;
            end = from + guess.length;
            return guess.column;
        }
        for (int i = next + 1; i < Math.min(count, next + AHEAD); i++) {
            if (seen[i].isAt(line, from, to)) {
                next = i + 1;
                end = from + seen[i].length;
                return seen[i].column;
            }
        }
        return read(line, from, to, scanner);
    }

    private int read(byte[] line, int from, int to, JsonScanner scanner) {
        int begin = scanner.blanks(from);
        if (begin >= to || line[begin] != '"') {
            end = JsonScanner.BROKEN;
            return -1;
        }
        int close = scanner.string(begin + 1);
        end = close < 0 ? JsonScanner.BROKEN : scanner.colon(close + 1);
        if (end < 0) {
            return -1;
        }
        byte[] key =
                scanner.isEscaped ? JsonText.plain(line, begin + 1, close) : Arrays.copyOfRange(line, begin + 1, close);
        int column = -1;
        for (int i = 0; i < names.length && column < 0; i++) {
            column = names[i] != null && Arrays.equals(names[i], key) ? i : -1;
        }
        if (end - from <= LONGEST && next < REMEMBERED) {
            remember(new JsonKey(Arrays.copyOfRange(line, from, end), column));
        }
        return column;
    }

    /** Puts a key between those before and behind it; when there is no place left, it takes that of another. */
    private void remember(JsonKey key) {
        if (count < REMEMBERED) {
            System.arraycopy(seen, next, seen, next + 1, count - next);
            count++;
        }
        seen[next++] = key;
    }
}
