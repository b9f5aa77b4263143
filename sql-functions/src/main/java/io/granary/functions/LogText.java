package io.granary.functions;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Text in a log line's bytes. Bad UTF-8 becomes U+FFFD. The escapes of Apache and nginx ({@code \" \\ \n \t \r \b \v
 * \xHH}) are decoded when they name UTF-8 text; else, as in the bytes of a TLS handshake, the text stays as it was logged.
 */
final class LogText {
    private static final int SHOWN = 60;

    private LogText() {}

    /** Index of the quote that ends a field, or -1; a backslash hides the byte after it. */
    static int closingQuote(byte[] line, int from, int end) {
        for (int i = from; i < end; i++) {
            if (line[i] == '"') {
                return i;
            }
            if (line[i] == '\\') {
                i++;
            }
        }
        return -1;
    }

    /** A field without quotes; {@code -} is null. */
    static UTF8String plain(byte[] line, int from, int to) {
        return to - from == 1 && line[from] == '-' ? null : decode(line, from, to);
    }

    /** The inside of a quoted field; {@code -} is null. */
    static UTF8String quoted(byte[] line, int from, int to) {
        for (int i = from; i < to; i++) {
            if (line[i] == '\\') {
                return unescape(line, from, to);
            }
        }
        return plain(line, from, to);
    }

    /** A value as messages show it: in quotes, shortened. */
    static String shown(byte[] line, int from, int to) {
        String text = new String(line, from, Math.min(to - from, SHOWN), StandardCharsets.UTF_8);
        return "'" + text + (to - from > SHOWN ? "…" : "") + "'";
    }

    private static UTF8String decode(byte[] line, int from, int to) {
        for (int i = from; i < to; i++) {
            if (line[i] < 0) {
                return UTF8String.fromString(new String(line, from, to - from, StandardCharsets.UTF_8));
            }
        }
        return UTF8String.fromBytes(line, from, to - from);
    }

    private static UTF8String unescape(byte[] line, int from, int to) {
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
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return UTF8String.fromBytes(bytes);
        } catch (CharacterCodingException e) {
            return decode(line, from, to);
        }
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

    private static int hex(byte digit) {
        return Character.digit((char) digit, 16);
    }
}
