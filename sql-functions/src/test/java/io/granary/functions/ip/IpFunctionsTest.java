package io.granary.functions.ip;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.functions.RandomTexts;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpFunctionsTest {
    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, private",
        "172.31.255.255, private",
        "172.32.0.0, public",
        "192.168.0.1, private",
        "127.0.0.1, loopback",
        "169.254.1.1, link_local",
        "100.64.0.1, carrier_nat",
        "100.128.0.0, public",
        "224.0.0.251, multicast",
        "192.0.2.1, documentation",
        "203.0.113.255, documentation",
        "0.0.0.0, reserved",
        "192.0.0.9, public",
        "192.0.0.11, reserved",
        "255.255.255.255, reserved",
        "8.8.8.8, public",
        "::1, loopback",
        "::, reserved",
        "::ffff:10.0.0.1, private",
        "::ffff:808:808, public",
        "::10.0.0.1, reserved",
        "fe80::1%eth0, link_local",
        "FD00::1, private",
        "ff02::fb, multicast",
        "2001:db8::1, documentation",
        "3fff:fff::1, documentation",
        "2001:4860:4860::8888, public",
        "2001::1, reserved",
        "2001:1::1, public",
        "2002:808:808::1, reserved",
        "64:ff9b::8.8.8.8, public",
        "64:ff9b:1::1, reserved",
        "fec0::1, reserved"
    })
    void tellsWhatAnAddressIsFor(String ip, String kind) {
        assertThat(IpClass.of(utf8(ip))).hasToString(kind);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "01.2.3.4",
                "1.2.3.4 ",
                " 1.2.3.4",
                "1.2.3.",
                "1..3.4",
                "1.2.3.4:80",
                "example.com",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "12345::",
                "::g",
                "[::1]",
                "fe80::1%",
                "::1.2.3",
                "1:2:3:4:5:6:7:1.2.3.4",
                "1:",
                ":1",
                "1::2:",
                "unknown"
            })
    void whatIsNoAddressIsInvalid(String text) {
        assertThat(IpClass.of(utf8(text))).hasToString("invalid");
        assertThat(IpPrefix.of(utf8(text), 24, 48)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "NULL",
            value = {
                "203.0.113.77, 24, 48, 203.0.113.0/24",
                "203.0.113.77, 32, 48, 203.0.113.77/32",
                "203.0.113.77, 0, 48, 0.0.0.0/0",
                "203.0.113.77, 33, 48, NULL",
                "203.0.113.77, -1, 48, NULL",
                "::ffff:203.0.113.77, 16, 48, 203.0.0.0/16",
                "2001:db8:1:2:3:4:5:6, 24, 48, 2001:db8:1::/48",
                "2001:DB8::1%eth0, 24, 128, 2001:db8::1/128",
                "1:0:0:2:0:0:0:3, 24, 128, 1:0:0:2::3/128",
                "1:0:2:3:4:5:6:7, 24, 128, 1:0:2:3:4:5:6:7/128",
                "ffff:ffff::, 24, 17, ffff:8000::/17",
                "1::, 24, 0, ::/0",
                "1::, 24, 129, NULL"
            })
    void leavesTheNetworkOfAnAddress(String ip, int bits4, int bits6, String network) {
        UTF8String prefix = IpPrefix.of(utf8(ip), bits4, bits6);
        assertThat(prefix == null ? null : prefix.toString()).isEqualTo(network);
    }

    /** Addresses of all kinds, written by java.net, read by us, held against the prefixes one by one. */
    @Test
    void isAsTheRegistriesOneByOne() throws UnknownHostException {
        Random random = new Random(1);
        List<String> prefixes = IntStream.of(0, 1)
                .mapToObj(i -> i == 0 ? IpClass.V4 : IpClass.V6)
                .flatMap(String::lines)
                .toList();
        for (int i = 0; i < 15_000; i++) {
            String near = prefixes.get(random.nextInt(prefixes.size())).split("/")[0];
            byte[] bytes = InetAddress.getByName(near).getAddress();
            BigInteger moved = new BigInteger(1, bytes)
                    .add(BigInteger.valueOf(random.nextInt(5) - 2).shiftLeft(random.nextInt(bytes.length * 8)))
                    .add(BigInteger.valueOf(random.nextInt(3) - 1))
                    .mod(BigInteger.ONE.shiftLeft(bytes.length * 8));
            InetAddress address = InetAddress.getByAddress(bytes(moved, bytes.length));
            if ((address instanceof Inet4Address) == (bytes.length == 4)) {
                String kind = IpClass.of(utf8(address.getHostAddress())).toString();
                assertThat(kind).as(address.getHostAddress()).isEqualTo(kind(moved, bytes.length));
                agrees(address, kind);
            }
        }
    }

    private static void agrees(InetAddress address, String kind) {
        if (address.isLoopbackAddress() || kind.equals("loopback")) {
            assertThat(address.isLoopbackAddress()).isTrue();
            assertThat(kind).isEqualTo("loopback");
        }
        assertThat(kind.equals("multicast")).isEqualTo(address.isMulticastAddress());
        assertThat(kind.equals("link_local")).isEqualTo(address.isLinkLocalAddress());
        if (address instanceof Inet4Address) {
            assertThat(kind.equals("private")).isEqualTo(address.isSiteLocalAddress());
        }
    }

    /** What java.net reads, and nothing else, is an address with the same bytes, but for zeros in front: 01.2.3.4, ::0abcd. */
    @Test
    void readsWhatJavaNetReads() {
        List<String> pieces =
                List.of("0", "1", "12", "255", "256", "f", "ab", "ffff", ":", ":", "::", ".", ".", "1.2.3.4");
        long read = RandomTexts.of(pieces, 9, 2, 80_000)
                .filter(text -> text.contains(":") && !text.matches(".*[:.]0\\d+[.].*|.*[.]0\\d.*|.*[0-9a-f]{5}.*"))
                .filter(text -> {
                    String expected = full(text);
                    UTF8String found = IpPrefix.of(utf8(text), 32, 128);
                    assertThat(found == null ? null : full(found.toString().split("/")[0]))
                            .as(text)
                            .isEqualTo(expected);
                    return expected != null;
                })
                .count();
        assertThat(read).isGreaterThan(500);
    }

    @Test
    void takesAnyBytes() {
        RandomTexts.bytes(3, 50_000).forEach(text -> {
            IpClass.of(text);
            IpPrefix.of(text, 24, 48);
        });
    }

    /** Null when it is no address; java.net would ask for the name of a host that has no colon. */
    private static String full(String ip) {
        try {
            return InetAddress.getByName(ip).getHostAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static String kind(BigInteger address, int length) {
        String best = null;
        int bestBits = -1;
        for (String line : (length == 4 ? IpClass.V4 : IpClass.V6).lines().toList()) {
            String[] words = line.split("[/\\s]+");
            int bits = Integer.parseInt(words[1]);
            BigInteger first = new BigInteger(1, bytesOf(words[0]));
            int free = length * 8 - bits;
            if (bits > bestBits && address.shiftRight(free).equals(first.shiftRight(free))) {
                best = words[2];
                bestBits = bits;
            }
        }
        return best;
    }

    private static byte[] bytesOf(String ip) {
        try {
            return InetAddress.getByName(ip).getAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError(ip, e);
        }
    }

    private static byte[] bytes(BigInteger number, int length) {
        String hex = number.toString(16);
        String padded = "0".repeat(length * 2 - hex.length()) + hex;
        List<Byte> all = IntStream.range(0, length)
                .mapToObj(i -> (byte) Integer.parseInt(padded.substring(2 * i, 2 * i + 2), 16))
                .collect(Collectors.toList());
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = all.get(i);
        }
        return bytes;
    }

    private static UTF8String utf8(String text) {
        return UTF8String.fromString(text);
    }
}
