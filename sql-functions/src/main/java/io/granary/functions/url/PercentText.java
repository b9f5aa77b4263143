package io.granary.functions.url;

import io.granary.functions.TextBytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The texts of a query, {@code application/x-www-form-urlencoded}: {@code +} is a blank, {@code %41} is {@code A}. An escape
 * without two hexadecimal digits is text, and a text whose escapes give no UTF-8 stays as it was written.
 */
final class PercentText {
    private PercentText() {}

    static UTF8String decoded(UTF8String text, int from, int to) {
        return isPlain(text, from, to) ? TextBytes.slice(text, from, to) : decode(text, from, to);
    }

    /** Whether the decoded text is {@code wanted}. */
    static boolean is(UTF8String wanted, UTF8String text, int from, int to) {
        if (!isPlain(text, from, to)) {
            return decode(text, from, to).equals(wanted);
        }
        return to - from == wanted.numBytes() && TextBytes.slice(text, from, to).equals(wanted);
    }

    private static boolean isPlain(UTF8String text, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = TextBytes.at(text, i);
            if (b == '+' || b == '%') {
                return false;
            }
        }
        return true;
    }

    private static UTF8String decode(UTF8String text, int from, int to) {
        byte[] decoded = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            int b = next(text, i, to);
            decoded[length++] = (byte) b;
            i += b > 0xff ? 2 : 0;
        }
        boolean isText = length == to - from || isUtf8(decoded, length);
        return isText ? UTF8String.fromBytes(decoded, 0, length) : TextBytes.slice(text, from, to);
    }

    /** The byte that the text says at {@code i}, with 0x100 added when it is an escape of three bytes. */
    private static int next(UTF8String text, int i, int to) {
        byte b = TextBytes.at(text, i);
        if (b == '+') {
            return ' ';
        }
        if (b == '%' && i + 2 < to) {
            int high = Character.digit(TextBytes.at(text, i + 1), 16);
            int low = Character.digit(TextBytes.at(text, i + 2), 16);
            if (high >= 0 && low >= 0) {
                return 0x100 | high << 4 | low;
            }
        }
        return b & 0xff;
    }

    private static boolean isUtf8(byte[] bytes, int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
