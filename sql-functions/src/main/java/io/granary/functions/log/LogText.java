package io.granary.functions.log;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Escapes of log formats. Those of Apache and nginx ({@code \" \\ \n \t \r \b \v \xHH}) are decoded when they name UTF-8
 * text; else, as in the bytes of a TLS handshake, the text stays as it was logged.
 */
final class LogText {
    private static final int SHOWN = 60;

    private LogText() {}

    /** Index of the quote that ends a field, or -1; a backslash hides the byte after it. */
    static int closingQuote(byte[] line, int from, int end) {
        int at = Bytes.quoteOrBackslash(line, from, end);
        while (at < end && line[at] == '\\') {
            at = Bytes.quoteOrBackslash(line, Math.min(end, at + 2), end);
        }
        return at < end ? at : -1;
    }

    /** A value as messages show it: in quotes, shortened. */
    static String shown(byte[] line, int from, int to) {
        String text = new String(line, from, Math.min(to - from, SHOWN), StandardCharsets.UTF_8);
        return "'" + text + (to - from > SHOWN ? "…" : "") + "'";
    }

    static UTF8String unescaped(byte[] line, int from, int to) {
        if (Bytes.indexOf(line, (byte) '\\', from, to) == to) {
            return Utf8.text(line, from, to);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(to - from);
        for (int i = from; i < to; i++) {
            int next = i + 1 < to ? line[i + 1] : -1;
            if (line[i] != '\\' || next < 0) {
                out.write(line[i]);
            } else if (next == 'x' && i + 3 < to && hex(line[i + 2]) >= 0 && hex(line[i + 3]) >= 0) {
                out.write(hex(line[i + 2]) << 4 | hex(line[i + 3]));
                i += 3;
            } else {
                int named = named(next);
                if (named < 0) {
                    out.write('\\');
                    out.write(next);
                } else {
                    out.write(named);
                }
                i++;
            }
        }
        byte[] bytes = out.toByteArray();
        return Utf8.isValid(bytes, 0, bytes.length) ? UTF8String.fromBytes(bytes) : Utf8.text(line, from, to);
    }

    /** A string of a W3C log: doubled quotes are one. */
    static UTF8String undoubled(byte[] line, int from, int to) {
        String text = new String(line, from, to - from, StandardCharsets.UTF_8);
        return UTF8String.fromString(text.replace("\"\"", "\""));
    }

    /** A word of a W3C log in which plus signs stand for blanks. */
    static UTF8String unplussed(byte[] line, int from, int to) {
        if (Bytes.indexOf(line, (byte) '+', from, to) == to) {
            return Utf8.text(line, from, to);
        }
        byte[] blanks = java.util.Arrays.copyOfRange(line, from, to);
        for (int i = 0; i < blanks.length; i++) {
            if (blanks[i] == '+') {
                blanks[i] = ' ';
            }
        }
        return Utf8.text(blanks, 0, blanks.length);
    }

    private static int named(int escaped) {
        return switch (escaped) {
            case '"', '\\' -> escaped;
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'v' -> 0x0b;
            default -> -1;
        };
    }

    static int hex(byte digit) {
        return Character.digit((char) digit, 16);
    }
}
