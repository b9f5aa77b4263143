package io.granary.streaming.faults;

import io.granary.streaming.count.NaiveCount;
import io.granary.streaming.count.TestChunk;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** An access log that grows, cut into chunks as an agent cuts it that sends some lines again after a crash. */
final class LogFile {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);
    /** So many lines may be sent again. */
    private static final int RECENT = 50;

    private final String name;
    private final String site;
    private final Instant first;
    private final Random random;
    private final List<String> recent = new ArrayList<>();
    private long end;
    private int lines;

    /** @param first events are in the five minutes from then on */
    LogFile(String name, String site, Instant first, Random random) {
        this.name = name;
        this.site = site;
        this.first = first;
        this.random = random;
    }

    String name() {
        return name;
    }

    /** Some lines more, with some of those before again. */
    byte[] chunk(int again, NaiveCount truth) {
        int from = Math.max(0, recent.size() - again);
        List<String> sent = new ArrayList<>(recent.subList(from, recent.size()));
        long start = end - sent.stream().mapToLong(line -> bytes(line).length).sum();
        int firstLine = lines - sent.size() + 1;
        for (int count = 1 + random.nextInt(60); count > 0; count--) {
            String line = line(truth);
            sent.add(line);
            recent.add(line);
            end += bytes(line).length;
            lines++;
        }
        recent.subList(0, Math.max(0, recent.size() - RECENT)).clear();
        Map<String, String> headers = new HashMap<>(new TestChunk(site, name, List.of(), 0, 0).headers());
        headers.put("start", Long.toString(start));
        headers.put("end", Long.toString(end));
        headers.put("first_line", Integer.toString(firstLine));
        headers.put("lines", Integer.toString(sent.size()));
        return TestChunk.encode(headers, bytes(String.join("", sent)));
    }

    private String line(NaiveCount truth) {
        Instant at = first.plusSeconds(random.nextInt(300));
        String client = "10.0." + random.nextInt(4) + "." + random.nextInt(250);
        int size = random.nextInt(5000);
        boolean isView = random.nextInt(7) > 0;
        boolean isWhole = random.nextInt(20) > 0;
        if (isView && isWhole) {
            truth.hit(site, at, size, client);
        }
        return "%s - - [%s] \"GET /%d HTTP/1.1\" %d %d \"-\" \"curl%s\n"
                .formatted(client, TIME.format(at), lines, isView ? 200 : 404, size, isWhole ? "\"" : "");
    }

    private static byte[] bytes(String line) {
        return line.getBytes(StandardCharsets.UTF_8);
    }
}
