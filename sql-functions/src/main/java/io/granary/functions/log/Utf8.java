package io.granary.functions.log;

import java.nio.charset.StandardCharsets;
import org.apache.spark.unsafe.types.UTF8String;

/** Text out of a line's bytes: what is UTF-8 is not copied, what is not becomes U+FFFD. */
final class Utf8 {
    private Utf8() {}

    static UTF8String text(byte[] bytes, int from, int to) {
        int at = Bytes.endOfAscii(bytes, from, to);
        if (at == to || isValid(bytes, at, to)) {
            return UTF8String.fromBytes(bytes, from, to - from);
        }
        return UTF8String.fromString(new String(bytes, from, to - from, StandardCharsets.UTF_8));
    }

    /** Whether these bytes are UTF-8, by table 3-7 of the Unicode standard. */
    static boolean isValid(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            int length = length(bytes, at, to);
            if (length == 0) {
                return false;
            }
            at += length;
        }
        return true;
    }

    /** Bytes of the character at {@code at}; 0 when there is none. */
    private static int length(byte[] bytes, int at, int to) {
        int lead = bytes[at] & 0xff;
        if (lead < 0x80) {
            return 1;
        }
        if (lead >= 0xc2 && lead <= 0xdf) {
            return continued(bytes, at + 1, 1, to) ? 2 : 0;
        }
        if (lead >= 0xe0 && lead <= 0xef && continued(bytes, at + 1, 2, to)) {
            int second = bytes[at + 1] & 0xff;
            return lead == 0xe0 && second < 0xa0 || lead == 0xed && second > 0x9f ? 0 : 3;
        }
        if (lead >= 0xf0 && lead <= 0xf4 && continued(bytes, at + 1, 3, to)) {
            int second = bytes[at + 1] & 0xff;
            return lead == 0xf0 && second < 0x90 || lead == 0xf4 && second > 0x8f ? 0 : 4;
        }
        return 0;
    }

    private static boolean continued(byte[] bytes, int from, int count, int to) {
        if (from + count > to) {
            return false;
        }
        for (int i = from; i < from + count; i++) {
            if ((bytes[i] & 0xc0) != 0x80) {
                return false;
            }
        }
        return true;
    }
}
