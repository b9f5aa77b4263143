package io.granary.functions.ip;

import io.granary.functions.TextBytes;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * An address read from text: IPv4 as four decimal numbers without leading zeros, IPv6 by RFC 4291, section 2.2, with a zone
 * ({@code %eth0}) left out. An IPv4-mapped IPv6 address ({@code ::ffff:1.2.3.4}) is the IPv4 address.
 */
final class IpAddress {
    private static final int GROUPS = 8;

    private final UTF8String text;
    private int at;
    private int end;
    private boolean isV4;
    /** The upper 64 bits of an IPv6 address. */
    private long high;
    /** The lower 64 bits of an IPv6 address, or the 32 of an IPv4 address. */
    private long low;

    private IpAddress(UTF8String text) {
        this.text = text;
        this.end = text.numBytes();
    }

    /** Null when the text is no address. */
    static IpAddress of(UTF8String text) {
        int length = text.numBytes();
        if (length < 2 || length > 100) {
            return null;
        }
        IpAddress address = new IpAddress(text);
        boolean isRead = address.hasColon() ? address.readV6() : address.readV4();
        return isRead ? address : null;
    }

    boolean isV4() {
        return isV4;
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    private boolean hasColon() {
        for (int i = 0; i < Math.min(end, 5); i++) {
            if (isColon(i)) {
                return true;
            }
        }
        return false;
    }

    private boolean readV4() {
        long address = dotted();
        isV4 = true;
        low = address;
        return address >= 0 && at == end;
    }

    /** Four numbers with points between, from here; -1 when there are none. */
    private long dotted() {
        long address = 0;
        for (int part = 0; part < 4; part++) {
            if (part > 0 && (at >= end || TextBytes.at(text, at++) != '.')) {
                return -1;
            }
            int from = at;
            int number = 0;
            while (at < end && at - from < 3 && isDigit(TextBytes.at(text, at))) {
                number = number * 10 + TextBytes.at(text, at++) - '0';
            }
            if (at == from || number > 255 || at - from > 1 && TextBytes.at(text, from) == '0') {
                return -1;
            }
            address = address << 8 | number;
        }
        return address;
    }

    private boolean readV6() {
        if (!cutZone()) {
            return false;
        }
        char[] groups = new char[GROUPS];
        int count = 0;
        int gap = -1;
        if (isColon(0) && isColon(1)) {
            gap = 0;
            at = 2;
        }
        while (at < end) {
            int from = at;
            int value = group();
            if (count == GROUPS || at == from) {
                return false;
            }
            if (at < end && TextBytes.at(text, at) == '.') {
                at = from;
                long v4 = dotted();
                if (v4 < 0 || at < end || count > GROUPS - 2) {
                    return false;
                }
                groups[count++] = (char) (v4 >>> 16);
                groups[count++] = (char) v4;
                break;
            }
            groups[count++] = (char) value;
            if (at < end && (!isColon(at++) || at == end)) {
                return false;
            }
            if (at < end && isColon(at)) {
                if (gap >= 0) {
                    return false;
                }
                gap = count;
                at++;
            }
        }
        if (gap < 0 ? count < GROUPS : count == GROUPS) {
            return false;
        }
        set(groups, count, gap < 0 ? count : gap);
        return true;
    }

    /** Up to four hexadecimal digits; where there are none it stays where it is. */
    private int group() {
        int from = at;
        int value = 0;
        while (at < end && at - from < 4 && Character.digit(TextBytes.at(text, at), 16) >= 0) {
            value = value << 4 | Character.digit(TextBytes.at(text, at++), 16);
        }
        return value;
    }

    /** Groups from {@code gap} on stand at the end of the address. */
    private void set(char[] groups, int count, int gap) {
        int moved = GROUPS - count;
        for (int i = 0; i < GROUPS; i++) {
            int from = i < gap ? i : i - moved;
            long value = i >= gap && i < gap + moved ? 0 : groups[from];
            high = high << 16 | low >>> 48;
            low = low << 16 | value;
        }
        if (high == 0 && low >>> 32 == 0xffff) {
            isV4 = true;
            low &= 0xffff_ffffL;
        }
    }

    private boolean isColon(int index) {
        return index < end && TextBytes.at(text, index) == ':';
    }

    /** False when there is an empty zone. */
    private boolean cutZone() {
        for (int i = 0; i < end; i++) {
            if (TextBytes.at(text, i) == '%') {
                boolean isNamed = i + 1 < end;
                end = i;
                return isNamed;
            }
        }
        return true;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
