package io.granary.functions.log;

/** Steps over JSON values and checks that they are ones (RFC 8259). All methods return an index, or {@link #BROKEN}. */
final class JsonScanner {
    static final int BROKEN = -1;

    private static final int DEEPEST = 512;
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};

    private final boolean[] isObject = new boolean[DEEPEST];
    private byte[] bytes;
    private int end;

    /** Whether the last string had a backslash. */
    boolean isEscaped;

    /** Whether the last string is known to be of ASCII alone, when it had no backslash. */
    boolean isAscii;

    /** Whether the last scalar is a number without exponent, of at most 15 digits. The next three say which one. */
    boolean isPlainNumber;

    boolean isNegative;
    long digits;

    /** Digits behind the point. */
    int scale;

    void line(byte[] line, int to) {
        bytes = line;
        end = to;
    }

    int blanks(int from) {
        int at = from;
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r' || bytes[at] == '\n')) {
            at++;
        }
        return at;
    }

    /** From behind the opening quote to the closing one. */
    int string(int from) {
        isEscaped = false;
        int at = from;
        long before = 0;
        for (int last = bytes.length - 8; at <= last; at += 8) {
            long word = Bytes.word(bytes, at);
            long stops = Bytes.stopsOfJson(word);
            if (stops != 0) {
                isAscii = Bytes.isAscii(before | Bytes.upTo(word, stops));
                at += Bytes.first(stops);
                // what ends a line stops the search as well
                return at < end && bytes[at] == '"' ? at : rest(at);
            }
            before |= word;
        }
        isAscii = false;
        return rest(Bytes.endOfPlainJson(bytes, at, end));
    }

    /** From the first byte of a string that is not plain to the closing quote. */
    private int rest(int from) {
        int at = from;
        while (at < end && bytes[at] == '\\') {
            isEscaped = true;
            int letter = at + 1 < end ? bytes[at + 1] : -1;
            if (JsonText.named(letter) < 0 && JsonText.unit(bytes, at, end) < 0) {
                return BROKEN;
            }
            at = Bytes.endOfPlainJson(bytes, at + 2, end);
        }
        return at < end && bytes[at] == '"' ? at : BROKEN;
    }

    /** From a key's opening quote to its value. */
    int key(int from) {
        if (from >= end || bytes[from] != '"') {
            return BROKEN;
        }
        int close = string(from + 1);
        return close < 0 ? BROKEN : colon(close + 1);
    }

    /** From behind a key to its value. */
    int colon(int from) {
        int at = from < end && bytes[from] == ':' ? from : blanks(from);
        if (at >= end || bytes[at] != ':') {
            return BROKEN;
        }
        at++;
        return at < end && bytes[at] > ' ' ? at : blanks(at);
    }

    /** Behind a number, true, false or null. */
    int scalar(int from) {
        isPlainNumber = false;
        if (from >= end) {
            return BROKEN;
        }
        return switch (bytes[from]) {
            case 'n' -> word(NULL, from);
            case 't' -> word(TRUE, from);
            case 'f' -> word(FALSE, from);
            default -> number(from);
        };
    }

    private int word(byte[] word, int from) {
        return Bytes.startsWith(bytes, from, end, word) ? endOfScalar(from + word.length) : BROKEN;
    }

    private int endOfScalar(int at) {
        return at >= end
                        || bytes[at] <= ' ' && bytes[at] >= 0
                        || bytes[at] == ','
                        || bytes[at] == '}'
                        || bytes[at] == ']'
                ? at
                : BROKEN;
    }

    private int number(int from) {
        isNegative = bytes[from] == '-';
        digits = 0;
        scale = 0;
        int begin = isNegative ? from + 1 : from;
        int at = digits(begin);
        int count = at - begin;
        if (count == 0 || bytes[begin] == '0' && count > 1) {
            return BROKEN;
        }
        if (at < end && bytes[at] == '.') {
            int point = at + 1;
            at = digits(point);
            scale = at - point;
            if (scale == 0) {
                return BROKEN;
            }
        }
        if (at < end && (bytes[at] == 'e' || bytes[at] == 'E')) {
            int sign = at + 1 < end && (bytes[at + 1] == '-' || bytes[at + 1] == '+') ? at + 2 : at + 1;
            at = digits(sign);
            return at == sign ? BROKEN : endOfScalar(at);
        }
        isPlainNumber = count + scale <= 15;
        return endOfScalar(at);
    }

    private int digits(int from) {
        long value = digits;
        int at = from;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            value = value * 10 + bytes[at] - '0';
            at++;
        }
        digits = value;
        return at;
    }

    /** Behind an object or array, nested up to 512 deep. */
    int nested(int from) {
        int depth = 0;
        boolean isComplete = false;
        int at = from;
        do {
            if (isComplete) {
                at = blanks(at);
                byte b = at < end ? bytes[at] : 0;
                if (b == ',') {
                    isComplete = false;
                    at = blanks(at + 1);
                    at = isObject[depth - 1] ? key(at) : at;
                } else {
                    at = b == (isObject[depth - 1] ? '}' : ']') ? at + 1 : BROKEN;
                    depth--;
                }
            } else if (at < end && (bytes[at] == '{' || bytes[at] == '[')) {
                if (depth == DEEPEST) {
                    return BROKEN;
                }
                isObject[depth++] = bytes[at] == '{';
                at = blanks(at + 1);
                if (at < end && bytes[at] == (isObject[depth - 1] ? '}' : ']')) {
                    at++;
                    depth--;
                    isComplete = true;
                } else if (isObject[depth - 1]) {
                    at = key(at);
                }
            } else {
                at = leaf(at);
                isComplete = true;
            }
        } while (at >= 0 && depth > 0);
        return at;
    }

    private int leaf(int from) {
        if (from < end && bytes[from] == '"') {
            int close = string(from + 1);
            return close < 0 ? BROKEN : close + 1;
        }
        return scalar(from);
    }
}
