package io.granary.functions.log;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.spark.unsafe.types.UTF8String;

/** Strings of JSON without their escapes. Half a surrogate pair becomes U+FFFD. */
final class JsonText {
    private JsonText() {}

    /** The inside of a string; an escape that JSON does not know stays as it is. */
    static UTF8String unescaped(byte[] bytes, int from, int to) {
        if (Bytes.indexOf(bytes, (byte) '\\', from, to) == to) {
            return Utf8.text(bytes, from, to);
        }
        byte[] plain = plain(bytes, from, to);
        return Utf8.text(plain, 0, plain.length);
    }

    static byte[] plain(byte[] bytes, int from, int to) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(to - from);
        int at = from;
        while (at < to) {
            int escape = Bytes.indexOf(bytes, (byte) '\\', at, to);
            out.write(bytes, at, escape - at);
            at = escape == to ? to : escape(bytes, escape, to, out);
        }
        return out.toByteArray();
    }

    /** @return index behind the escape */
    private static int escape(byte[] bytes, int at, int to, ByteArrayOutputStream out) {
        int letter = at + 1 < to ? bytes[at + 1] : -1;
        int named = named(letter);
        if (named >= 0) {
            out.write(named);
            return at + 2;
        }
        int unit = letter == 'u' ? unit(bytes, at, to) : -1;
        if (unit < 0) {
            out.write('\\');
            return at + 1;
        }
        int low = Character.isHighSurrogate((char) unit) ? unit(bytes, at + 6, to) : -1;
        if (low >= 0 && Character.isLowSurrogate((char) low)) {
            write(Character.toCodePoint((char) unit, (char) low), out);
            return at + 12;
        }
        write(unit >= 0xd800 && unit <= 0xdfff ? 0xfffd : unit, out);
        return at + 6;
    }

    /** The number in {@code \}{@code u1234}; -1 when there is none. */
    static int unit(byte[] bytes, int at, int to) {
        if (at + 6 > to || bytes[at] != '\\' || bytes[at + 1] != 'u') {
            return -1;
        }
        int unit = 0;
        for (int i = at + 2; i < at + 6; i++) {
            int digit = LogText.hex(bytes[i]);
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }

    /** What a letter behind a backslash stands for; -1 when nothing. */
    static int named(int letter) {
        return switch (letter) {
            case '"', '\\', '/' -> letter;
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            default -> -1;
        };
    }

    private static void write(int codePoint, ByteArrayOutputStream out) {
        out.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
    }
}
