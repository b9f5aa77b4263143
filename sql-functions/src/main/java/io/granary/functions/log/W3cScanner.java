package io.granary.functions.log;

import io.granary.warehouse.log.format.LineFormat;

/** The fields of a W3C log: words between blanks or tabs; a word in quotes holds blanks, and doubles its quotes. */
final class W3cScanner extends SlotScanner {
    W3cScanner(LineFormat format) {
        super(format.slots().size());
    }

    @Override
    void find(byte[] line, int begin, int end, int last) {
        int p = begin;
        for (int i = 0; i <= last; i++) {
            p = blanks(line, p, end);
            if (p == end) {
                fail(Fault.MISSING, i);
                return;
            }
            boolean isQuoted = line[p] == '"';
            from[i] = p;
            int stop = isQuoted ? closing(line, p + 1, end) : word(line, p, end);
            if (stop < 0) {
                fail(Fault.UNCLOSED, i);
                return;
            }
            p = isQuoted ? stop + 1 : stop;
            to[i] = p;
            reached = i + 1;
        }
        p = blanks(line, p, end);
        if (last + 1 == from.length && p < end) {
            fail(Fault.TRAILING, p);
        }
    }

    private static int blanks(byte[] line, int p, int end) {
        int at = p;
        while (at < end && (line[at] == ' ' || line[at] == '\t')) {
            at++;
        }
        return at;
    }

    private static int word(byte[] line, int p, int end) {
        int at = p;
        while (at < end && line[at] != ' ' && line[at] != '\t') {
            at++;
        }
        return at;
    }

    private static int closing(byte[] line, int p, int end) {
        int at = Bytes.indexOf(line, (byte) '"', p, end);
        while (at + 1 < end && line[at + 1] == '"') {
            at = Bytes.indexOf(line, (byte) '"', at + 2, end);
        }
        return at < end ? at : -1;
    }
}
