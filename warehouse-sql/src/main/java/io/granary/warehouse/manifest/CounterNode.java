package io.granary.warehouse.manifest;

import io.granary.warehouse.redis.Windows;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A real-time number over a streamable model.
 *
 * @param from the model, {@code database.table}
 * @param time the timestamp column that chooses the bucket
 * @param where an SQL condition over the model's columns; null counts every row
 * @param windows of {@link Windows#NAMES}
 * @param ttl by window, how long a bucket lives from its end; each of {@code windows} has one, but {@code total}, which
 *     never ends
 * @param ahead an event whose time is later than now and this is not counted
 * @param maxKeys combinations of {@code by} that a bucket may hold; what is beyond is counted under {@code %more}
 */
public record CounterNode(
        String id,
        String subject,
        String name,
        String description,
        String from,
        String time,
        String where,
        List<String> by,
        List<String> windows,
        List<MeasureNode> measures,
        Map<String, Duration> ttl,
        Duration ahead,
        long maxKeys,
        List<TopNode> top) {

    public static final Duration TTL = Duration.ofDays(8);
    public static final Duration AHEAD = Duration.ofMinutes(10);
    public static final long MAX_KEYS = 100_000;

    public CounterNode {
        by = List.copyOf(by);
        windows = List.copyOf(windows);
        measures = List.copyOf(measures);
        ttl = complete(windows, ttl == null ? Map.of() : ttl);
        ahead = ahead == null ? AHEAD : ahead;
        maxKeys = maxKeys == 0 ? MAX_KEYS : maxKeys;
        top = top == null ? List.of() : List.copyOf(top);
    }

    /** A counter with the defaults of what bounds it, and no lists. */
    public CounterNode(
            String id,
            String subject,
            String name,
            String description,
            String from,
            String time,
            String where,
            List<String> by,
            List<String> windows,
            List<MeasureNode> measures) {
        this(id, subject, name, description, from, time, where, by, windows, measures, null, null, 0, null);
    }

    private static Map<String, Duration> complete(List<String> windows, Map<String, Duration> given) {
        Map<String, Duration> all = new LinkedHashMap<>();
        for (String window : windows) {
            if (!window.equals(Windows.TOTAL)) {
                all.put(window, given.getOrDefault(window, TTL));
            }
        }
        return Collections.unmodifiableMap(all);
    }

    /** {@code <subject>.<name>}, as in Redis keys and API paths. */
    public String qualifiedName() {
        return subject + "." + name;
    }
}
