package io.granary.functions.ip;

import org.apache.spark.unsafe.types.UTF8String;

/**
 * {@code ip_class(ip)}: what an address is for, by the registries of special-purpose addresses of IANA (IPv4 and IPv6, RFC
 * 6890 and its updates, as of 2025) and those of multicast and IPv6 address space. Addresses that are not globally
 * reachable, or where that is said not to apply, such as those of Teredo and 6to4, have a class of their own or are
 * {@code reserved}; all others are {@code public}.
 */
public final class IpClass {
    static final String V4 = """
            0.0.0.0/0        public
            0.0.0.0/8        reserved       this network, RFC 791
            10.0.0.0/8       private        RFC 1918
            100.64.0.0/10    carrier_nat    RFC 6598
            127.0.0.0/8      loopback       RFC 1122
            169.254.0.0/16   link_local     RFC 3927
            172.16.0.0/12    private        RFC 1918
            192.0.0.0/24     reserved       protocol assignments, RFC 6890
            192.0.0.9/32     public         port control anycast, RFC 7723
            192.0.0.10/32    public         TURN anycast, RFC 8155
            192.0.2.0/24     documentation  RFC 5737
            192.88.99.0/24   reserved       6to4 relay anycast, RFC 7526
            192.168.0.0/16   private        RFC 1918
            198.18.0.0/15    reserved       benchmarks, RFC 2544
            198.51.100.0/24  documentation  RFC 5737
            203.0.113.0/24   documentation  RFC 5737
            224.0.0.0/4      multicast      RFC 5771
            240.0.0.0/4      reserved       RFC 1112, and broadcast
            """;
    static final String V6 = """
            ::/0               reserved       not given out, RFC 4291
            2000::/3           public         RFC 4291
            ::1/128            loopback       RFC 4291
            64:ff9b::/96       public         translation to IPv4, RFC 6052
            2001::/23          reserved       protocol assignments, RFC 2928
            2001:1::1/128      public         port control anycast, RFC 7723
            2001:1::2/128      public         TURN anycast, RFC 8155
            2001:1::3/128      public         DNS-SD registration anycast, RFC 9665
            2001:3::/32        public         AMT, RFC 7450
            2001:4:112::/48    public         AS112, RFC 7535
            2001:20::/28       public         ORCHIDv2, RFC 7343
            2001:30::/28       public         drones, RFC 9374
            2001:db8::/32      documentation  RFC 3849
            2002::/16          reserved       6to4, RFC 3056
            3fff::/20          documentation  RFC 9637
            fc00::/7           private        unique local, RFC 4193
            fe80::/10          link_local     RFC 4291
            ff00::/8           multicast      RFC 4291
            """;

    private static final IpRanges V4_RANGES = new IpRanges(V4.lines().toList());
    private static final IpRanges V6_RANGES = new IpRanges(V6.lines().toList());
    private static final UTF8String INVALID = UTF8String.fromString("invalid");

    private IpClass() {}

    /** Called by the generated code of queries. */
    public static UTF8String of(UTF8String ip) {
        IpAddress address = IpAddress.of(ip);
        if (address == null) {
            return INVALID;
        }
        return (address.isV4() ? V4_RANGES : V6_RANGES).kind(address.high(), address.low());
    }
}
