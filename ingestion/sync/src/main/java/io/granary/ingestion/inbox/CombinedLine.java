package io.granary.ingestion.inbox;

/**
 * A quick look at the shape of a line of an access log in the combined format:
 * {@code host ident user [dd/Mon/yyyy:HH:mm:ss ±zzzz] "request" status bytes "referrer" "user agent"}. What a line means is
 * decided when it is sealed; this only tells a log from something else.
 */
final class CombinedLine {
    private static final String TIME = "00/Aaa/0000:00:00:00 +0000";

    private final byte[] line;
    private final int end;
    private int at;

    private CombinedLine(byte[] line, int end) {
        this.line = line;
        this.end = end;
    }

    /** Whether the first {@code length} bytes, without the line's end, have the shape. */
    static boolean looksRight(byte[] line, int length) {
        int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        CombinedLine it = new CombinedLine(line, end);
        return it.word()
                && it.is(' ')
                && it.word()
                && it.user()
                && it.time()
                && it.is(' ')
                && it.quoted()
                && it.is(' ')
                && it.status()
                && it.is(' ')
                && it.word()
                && it.is(' ')
                && it.quoted()
                && it.is(' ')
                && it.quoted();
    }

    private boolean is(char expected) {
        return at < end && line[at++] == expected;
    }

    private boolean word() {
        int start = at;
        while (at < end && line[at] != ' ' && line[at] != '"' && line[at] != '[') {
            at++;
        }
        return at > start;
    }

    /** A user's name may hold spaces: it ends where the time begins. */
    private boolean user() {
        int start = at;
        while (at < end && line[at] != '[') {
            at++;
        }
        return at < end && at >= start + 3 && line[start] == ' ' && line[at - 1] == ' ';
    }

    private boolean time() {
        if (!is('[') || end - at <= TIME.length()) {
            return false;
        }
        for (int i = 0; i < TIME.length(); i++) {
            if (!fits(TIME.charAt(i), line[at++])) {
                return false;
            }
        }
        return is(']');
    }

    private static boolean fits(char form, byte found) {
        return switch (form) {
            case '0' -> found >= '0' && found <= '9';
            case 'A' -> found >= 'A' && found <= 'Z';
            case 'a' -> found >= 'a' && found <= 'z';
            case '+' -> found == '+' || found == '-';
            default -> found == form;
        };
    }

    private boolean quoted() {
        if (!is('"')) {
            return false;
        }
        while (at < end) {
            byte found = line[at++];
            if (found == '"') {
                return true;
            }
            if (found == '\\') {
                at++;
            }
        }
        return false;
    }

    private boolean status() {
        int start = at;
        while (at < end && line[at] >= '0' && line[at] <= '9') {
            at++;
        }
        return at - start == 3;
    }
}
