package io.granary.ingestion.flume;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The last bytes before an offset of a file, {@link #LENGTH} at most. Read again with every read they tell whether the
 * file is still the one that was read up to there.
 *
 * @param bytes each byte as a character below 256
 */
record Trail(String bytes) {
    static final int LENGTH = 128;
    /** Nothing is known: matches everything. */
    static final Trail NONE = new Trail("");

    static Trail of(byte[] bytes, int from, int to) {
        int start = Math.max(from, to - LENGTH);
        return new Trail(new String(bytes, start, to - start, StandardCharsets.ISO_8859_1));
    }

    /** @throws IllegalArgumentException when it is not hexadecimal */
    static Trail ofHex(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return of(bytes, 0, bytes.length);
    }

    /** The trail after more bytes were read. */
    Trail then(byte[] more) {
        if (more.length >= LENGTH) {
            return of(more, 0, more.length);
        }
        String all = bytes + new String(more, StandardCharsets.ISO_8859_1);
        return new Trail(all.substring(Math.max(0, all.length() - LENGTH)));
    }

    /** Whether the bytes from an index on are these. */
    boolean matches(byte[] found, int at) {
        for (int i = 0; i < bytes.length(); i++) {
            if ((byte) bytes.charAt(i) != found[at + i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether it begins with these bytes. */
    boolean beginsWith(byte[] start) {
        return bytes.startsWith(new String(start, StandardCharsets.ISO_8859_1));
    }

    /** Whether the last line is a directive ({@code #Fields: …}), or may be one: a long line's beginning is not here. */
    boolean mayEndWithDirective() {
        int start = bytes.lastIndexOf('\n', bytes.length() - 2) + 1;
        return start == 0 && bytes.length() == LENGTH || start < bytes.length() && bytes.charAt(start) == '#';
    }

    int length() {
        return bytes.length();
    }

    String hex() {
        return HexFormat.of().formatHex(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }
}
