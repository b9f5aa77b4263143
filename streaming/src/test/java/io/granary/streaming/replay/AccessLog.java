package io.granary.streaming.replay;

import io.granary.streaming.count.TestChunk;
import io.granary.warehouse.redis.RedisKeys;
import io.granary.warehouse.redis.Windows;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Requests of one file, every seven seconds; some are no page views, some no lines of the format. */
record AccessLog(String file, List<String> lines) {
    static final Instant FIRST = Instant.parse("2026-11-01T15:40:00Z");
    private static final String SITE = "shop";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

    static AccessLog of(String file, int count) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String end = isBroken(i) ? "" : "\"";
            lines.add("10.0.0." + i % 7 + " - - [" + TIME.format(at(i)) + "] \"GET /" + file + i + " HTTP/1.1\" "
                    + (isView(i) ? 200 : 404) + " " + i + " \"-\" \"Agent" + end);
        }
        return new AccessLog(file, lines);
    }

    static Instant at(int line) {
        return FIRST.plusSeconds(7L * line);
    }

    private static boolean isBroken(int line) {
        return line % 11 == 10;
    }

    private static boolean isView(int line) {
        return line % 5 != 0;
    }

    TestChunk chunk(int from, int to) {
        return new TestChunk(SITE, file, lines, from, to);
    }

    /** Adds the page views of lines {@code [from, to)} that are not before a time, as a counter of that name has them. */
    static void count(String counter, int from, int to, Instant begin, Map<String, Long> numbers) {
        int shard = RedisKeys.shard(counter, SITE);
        for (int i = from; i < to; i++) {
            if (isView(i) && !isBroken(i) && !at(i).isBefore(begin)) {
                for (String window : List.of("1m", "1d")) {
                    long bucket = Windows.bucket(at(i), window, ZoneId.of("Asia/Shanghai"));
                    String key = RedisKeys.values(shard, counter, window, bucket);
                    numbers.merge(key + " " + RedisKeys.field(SITE, "page_views"), 1L, Long::sum);
                    numbers.merge(key + " " + RedisKeys.field(SITE, "bytes"), (long) i, Long::sum);
                }
            }
        }
    }

    static Map<String, Long> numbers() {
        return new TreeMap<>();
    }
}
