package io.granary.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * A log made of numbered lines, half of them combined access log and half JSON, 198 bytes each on average with the
 * newline. The same numbers give the same lines.
 */
final class CollectLog {
    /** Bytes before the serial number of a JSON line. */
    static final int JSON_SERIAL = "{\"event_id\":\"e".length();
    /** Bytes between the end of a combined line's address and its serial number. */
    static final int COMBINED_SERIAL = " - u".length();

    private static final int BUFFER = 1 << 20;
    private static final int LONGEST = 1024;
    private static final long SEED = 4;
    private static final byte[][] AGENTS = bytes(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/118.0 Safari/537.36",
            "Mozilla/5.0 (X11; Linux x86_64; rv:118.0) Gecko/20100101 Firefox/118.0",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148",
            "curl/8.4.0");
    private static final byte[][] PAGES = bytes("/", "/product/", "/category/", "/cart/", "/search/", "/static/app.");
    private static final byte[][] TYPES = bytes("impression", "click");

    private final byte[] buffer = new byte[BUFFER];
    private int used;

    private CollectLog() {}

    /** Writes lines {@code [from, to)} to a file, and says what it wrote. */
    static LineTally write(Path file, int from, int to) throws IOException {
        LineTally tally = new LineTally();
        CollectLog log = new CollectLog();
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int serial = from; serial < to; serial++) {
                int start = log.used;
                log.line(serial);
                tally.line(log.buffer, start, log.used - 1);
                if (log.used > BUFFER - LONGEST) {
                    out.write(log.buffer, 0, log.used);
                    log.used = 0;
                }
            }
            out.write(log.buffer, 0, log.used);
        }
        return tally;
    }

    /** One line with its newline. */
    static byte[] lineOf(int serial) {
        CollectLog log = new CollectLog();
        log.line(serial);
        return java.util.Arrays.copyOf(log.buffer, log.used);
    }

    private void line(int serial) {
        SplittableRandom random = new SplittableRandom(SEED + serial);
        if (serial % 2 == 0) {
            combined(serial, random);
        } else {
            json(serial, random);
        }
        buffer[used++] = '\n';
    }

    private void combined(int serial, SplittableRandom random) {
        address(random);
        put(" - u").digits(serial, 10).put(" [22/Nov/2026:");
        time(serial);
        put(" +0000] \"GET ").one(PAGES, random).number(random.nextInt(10_000));
        put("?page=").number(random.nextInt(100)).put(" HTTP/1.1\" 200 ").number(random.nextInt(100_000));
        put(" \"https://shop.example/category/").number(random.nextInt(1000)).put("\" \"");
        one(AGENTS, random).put("\"");
    }

    private void json(int serial, SplittableRandom random) {
        put("{\"event_id\":\"e").digits(serial, 10).put("\",\"event_type\":\"").one(TYPES, random);
        put("\",\"event_at\":\"2026-11-22T");
        time(serial);
        put(".").digits(serial % 1000, 3).put("Z\",\"campaign_id\":\"c").number(random.nextInt(1000));
        put("\",\"creative_id\":\"k").number(random.nextInt(10_000)).put("\",\"visitor_id\":\"v");
        number(random.nextInt(1_000_000_000)).put("\",\"client_ip\":\"");
        address(random);
        put("\",\"slot\":").number(random.nextInt(100)).put("}");
    }

    private void time(int serial) {
        int second = serial / 2000;
        digits(second / 3600 % 24, 2)
                .put(":")
                .digits(second / 60 % 60, 2)
                .put(":")
                .digits(second % 60, 2);
    }

    private void address(SplittableRandom random) {
        number(1 + random.nextInt(223)).put(".").number(random.nextInt(256)).put(".");
        number(random.nextInt(256)).put(".").number(random.nextInt(256));
    }

    private CollectLog put(String ascii) {
        for (int i = 0; i < ascii.length(); i++) {
            buffer[used++] = (byte) ascii.charAt(i);
        }
        return this;
    }

    private CollectLog one(byte[][] of, SplittableRandom random) {
        byte[] chosen = of[random.nextInt(of.length)];
        System.arraycopy(chosen, 0, buffer, used, chosen.length);
        used += chosen.length;
        return this;
    }

    private CollectLog number(int value) {
        int width = 1;
        for (int rest = value / 10; rest > 0; rest /= 10) {
            width++;
        }
        return digits(value, width);
    }

    private CollectLog digits(int value, int width) {
        int rest = value;
        for (int i = used + width - 1; i >= used; i--) {
            buffer[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        used += width;
        return this;
    }

    private static byte[][] bytes(String... texts) {
        byte[][] all = new byte[texts.length][];
        for (int i = 0; i < texts.length; i++) {
            all[i] = texts[i].getBytes(StandardCharsets.US_ASCII);
        }
        return all;
    }
}
