package io.granary.functions.ip;

import org.apache.spark.unsafe.types.UTF8String;

/**
 * {@code ip_prefix(ip, bits4, bits6)}: the network of an address, as {@code 203.0.113.0/24} or {@code 2001:db8::/32} (RFC
 * 5952), so that rows can be told apart by network without the address itself.
 */
public final class IpPrefix {
    private static final int GROUPS = 8;

    private IpPrefix() {}

    /**
     * Called by the generated code of queries.
     *
     * @param bits4 how many bits of an IPv4 address to keep, 0 to 32
     * @param bits6 how many bits of an IPv6 address to keep, 0 to 128
     * @return null when the text is no address or the bits are out of their range
     */
    public static UTF8String of(UTF8String ip, int bits4, int bits6) {
        IpAddress address = IpAddress.of(ip);
        if (address == null) {
            return null;
        }
        int bits = address.isV4() ? bits4 : bits6;
        if (bits < 0 || bits > (address.isV4() ? 32 : 128)) {
            return null;
        }
        StringBuilder text = new StringBuilder(48);
        if (address.isV4()) {
            appendV4(text, address.low() & ~IpRanges.mask(32 - bits));
        } else {
            appendV6(text, address.high() & ~IpRanges.mask(64 - bits), address.low() & ~IpRanges.mask(128 - bits));
        }
        return UTF8String.fromString(text.append('/').append(bits).toString());
    }

    private static void appendV4(StringBuilder text, long address) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            text.append(address >>> shift & 0xff).append(shift == 0 ? "" : ".");
        }
    }

    /** The longest run of two groups or more of zeros, the first such run, becomes {@code ::}. */
    private static void appendV6(StringBuilder text, long high, long low) {
        int gap = -1;
        int gapLength = 1;
        for (int i = 0, run = 0; i < GROUPS; i++) {
            run = group(high, low, i) == 0 ? run + 1 : 0;
            if (run > gapLength) {
                gapLength = run;
                gap = i - run + 1;
            }
        }
        for (int i = 0; i < GROUPS; i++) {
            if (i == gap) {
                text.append("::");
                i += gapLength - 1;
                continue;
            }
            if (i > 0 && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Long.toHexString(group(high, low, i)));
        }
    }

    private static long group(long high, long low, int index) {
        return (index < GROUPS / 2 ? high >>> 48 - 16 * index : low >>> 112 - 16 * index) & 0xffff;
    }
}
