package io.granary.functions.log;

/** Steps over JSON values and checks that they are ones (RFC 8259). All methods return an index, or {@link #BROKEN}. */
final class JsonScanner {
    static final int BROKEN = -1;

    private static final int DEEPEST = 512;

    private final boolean[] isObject = new boolean[DEEPEST];
    private byte[] bytes;
    private int end;

    /** Whether the last string had a backslash. */
    boolean isEscaped;

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
        int at = Bytes.endOfPlainJson(bytes, from, end);
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
        int at = from;
        while (at < end && isPartOfScalar(bytes[at])) {
            at++;
        }
        if (at == from) {
            return BROKEN;
        }
        byte first = bytes[from];
        if (first == 't') {
            return is("true", from, at);
        }
        if (first == 'f') {
            return is("false", from, at);
        }
        return first == 'n' ? is("null", from, at) : number(from, at);
    }

    private static boolean isPartOfScalar(byte b) {
        return b != ',' && b != '}' && b != ']' && (b > ' ' || b < 0);
    }

    private int is(String word, int from, int to) {
        boolean equal = to - from == word.length();
        for (int i = 1; equal && i < word.length(); i++) {
            equal = bytes[from + i] == word.charAt(i);
        }
        return equal ? to : BROKEN;
    }

    private int number(int from, int to) {
        int at = bytes[from] == '-' ? from + 1 : from;
        int whole = digits(at, to);
        if (whole == at || bytes[at] == '0' && whole > at + 1) {
            return BROKEN;
        }
        at = whole;
        if (at < to && bytes[at] == '.') {
            int fraction = digits(at + 1, to);
            if (fraction == at + 1) {
                return BROKEN;
            }
            at = fraction;
        }
        if (at < to && (bytes[at] == 'e' || bytes[at] == 'E')) {
            int sign = at + 1 < to && (bytes[at + 1] == '-' || bytes[at + 1] == '+') ? at + 2 : at + 1;
            int exponent = digits(sign, to);
            if (exponent == sign) {
                return BROKEN;
            }
            at = exponent;
        }
        return at == to ? to : BROKEN;
    }

    private int digits(int from, int to) {
        int at = from;
        while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
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
