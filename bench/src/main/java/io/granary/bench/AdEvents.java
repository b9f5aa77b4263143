package io.granary.bench;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The advertising events of the Yahoo Streaming Benchmark: a line is a function of its number and of when the first event
 * happened. 100 campaigns of 10 ads, 100 users, 100 pages; a third of the events are views. Times go up by
 * {@code 1000 / perSecond} ms an event, up to 50 ms out of order.
 */
final class AdEvents {
    static final int CAMPAIGNS = 100;
    static final int ADS = 1000;
    static final long WINDOW = 10_000;

    private static final int OUT_OF_ORDER = 50;
    private static final byte[][] TYPES = bytes("banner", "modal", "sponsored-search", "mail", "mobile");
    private static final byte[][] KINDS = bytes("view", "click", "purchase");
    private static final byte[] USER = text("{\"user_id\": \"");
    private static final byte[] PAGE = text("\", \"page_id\": \"");
    private static final byte[] AD = text("\", \"ad_id\": \"");
    private static final byte[] TYPE = text("\", \"ad_type\": \"");
    private static final byte[] KIND = text("\", \"event_type\": \"");
    private static final byte[] TIME = text("\", \"event_time\": \"");
    private static final byte[] ADDRESS = text("Z\", \"ip_address\": \"1.2.3.4\"}\n");
    private static final int LONGEST = 400;

    private final byte[][] users;
    private final byte[][] pages;
    private final byte[][] ads;
    private final List<String> campaigns;
    private final long begin;
    private final long perSecond;
    private final Map<Long, long[]> counts = new TreeMap<>();
    private final byte[] line = new byte[LONGEST];
    private long second = Long.MIN_VALUE;
    private byte[] secondText = {};

    /**
     * How many events, and of what.
     *
     * @param perSecond events in a second of their own time
     * @param users different user_ids
     */
    record Shape(long events, long perSecond, int users) {}

    /** @param begin ms since 1970 of event 0 */
    AdEvents(long begin, Shape shape) {
        Random random = new Random(7);
        this.campaigns = uuids(random, CAMPAIGNS).stream()
                .map(b -> new String(b, StandardCharsets.US_ASCII))
                .toList();
        this.ads = uuids(random, ADS).toArray(byte[][]::new);
        this.users = uuids(random, shape.users()).toArray(byte[][]::new);
        this.pages = uuids(random, 100).toArray(byte[][]::new);
        this.begin = begin;
        this.perSecond = shape.perSecond();
    }

    /** Every ad and its campaign, a comma between them. */
    List<String> adsOfCampaigns() {
        List<String> lines = new ArrayList<>();
        for (int ad = 0; ad < ADS; ad++) {
            lines.add(new String(ads[ad], StandardCharsets.US_ASCII) + "," + campaigns.get(campaign(ad)));
        }
        return lines;
    }

    private static int campaign(int ad) {
        return ad / (ADS / CAMPAIGNS);
    }

    /** Writes an event with its newline into {@link #line}, counts it if it is a view, and returns its length. */
    int write(long number) {
        long mixed = (number + 1) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed ^= mixed >>> 27;
        int bits = (int) (mixed >>> 33);
        int ad = bits % ADS;
        int kind = bits / ADS % 3;
        long at = begin + number * 1000 / perSecond - (mixed & 0xffff) % OUT_OF_ORDER;
        int end = put(USER, 0);
        end = put(users[(bits >>> 5) % users.length], end);
        end = put(PAGE, end);
        end = put(pages[(bits >>> 11) % 100], end);
        end = put(AD, end);
        end = put(ads[ad], end);
        end = put(TYPE, end);
        end = put(TYPES[(bits >>> 17) % TYPES.length], end);
        end = put(KIND, end);
        end = put(KINDS[kind], end);
        end = put(TIME, end);
        end = time(at, end);
        if (kind == 0) {
            counts.computeIfAbsent(Math.floorDiv(at, WINDOW) * WINDOW, w -> new long[CAMPAIGNS])[campaign(ad)]++;
        }
        return put(ADDRESS, end);
    }

    /** What {@link #write} wrote last. */
    byte[] line() {
        return line;
    }

    /** Views written so far: by start of the window in seconds since 1970, a space and the campaign. */
    Map<String, Long> truth() {
        Map<String, Long> truth = new TreeMap<>();
        counts.forEach((window, ofCampaigns) -> {
            for (int i = 0; i < CAMPAIGNS; i++) {
                if (ofCampaigns[i] > 0) {
                    truth.put(window / 1000 + " " + campaigns.get(i), ofCampaigns[i]);
                }
            }
        });
        return truth;
    }

    private int time(long at, int from) {
        long ofSecond = Math.floorDiv(at, 1000L);
        if (ofSecond != second) {
            second = ofSecond;
            secondText = text(Instant.ofEpochSecond(second).toString().replace('Z', '.'));
        }
        int millis = (int) (at - second * 1000);
        int end = put(secondText, from);
        line[end] = (byte) ('0' + millis / 100);
        line[end + 1] = (byte) ('0' + millis / 10 % 10);
        line[end + 2] = (byte) ('0' + millis % 10);
        return end + 3;
    }

    private int put(byte[] part, int from) {
        System.arraycopy(part, 0, line, from, part.length);
        return from + part.length;
    }

    private static List<byte[]> uuids(Random random, int count) {
        List<byte[]> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(text(new UUID(random.nextLong(), random.nextLong()).toString()));
        }
        return ids;
    }

    private static byte[][] bytes(String... words) {
        byte[][] all = new byte[words.length][];
        for (int i = 0; i < words.length; i++) {
            all[i] = text(words[i]);
        }
        return all;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
