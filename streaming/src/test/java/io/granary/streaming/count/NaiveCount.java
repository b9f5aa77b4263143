package io.granary.streaming.count;

import io.granary.warehouse.redis.RedisKeys;
import io.granary.warehouse.redis.Windows;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The same numbers, counted line by line without Spark. */
public final class NaiveCount {
    private final Map<String, Long> numbers = new TreeMap<>();
    private final Map<String, Set<String>> members = new HashMap<>();

    public void hit(String site, Instant at, long bytes, String visitor) {
        String by = RedisKeys.encodeBy(List.of(site));
        int shard = RedisKeys.shard("traffic.page_view", by);
        for (String window : List.of("1m", "1d")) {
            long bucket = Windows.bucket(at, window, ZoneId.of("Asia/Shanghai"));
            add(RedisKeys.values(shard, "traffic.page_view", window, bucket), by, "", 1);
            add(RedisKeys.values(shard, "traffic.page_view", window, bucket), by, "page_views", 1);
            add(RedisKeys.values(shard, "traffic.page_view", window, bucket), by, "bytes", bytes);
            members.computeIfAbsent(
                            RedisKeys.members(shard, "traffic.page_view", window, bucket, "visitors", by),
                            k -> new HashSet<>())
                    .add(visitor);
        }
    }

    public void event(String type, String campaign, Instant at, long cost) {
        List<String> values = new java.util.ArrayList<>();
        values.add(type);
        values.add(campaign);
        String by = RedisKeys.encodeBy(values);
        int shard = RedisKeys.shard("ads.event", by);
        for (String window : List.of("5m", "total")) {
            String key = RedisKeys.values(shard, "ads.event", window, Windows.bucket(at, window, ZoneId.of("UTC")));
            add(key, by, "", 1);
            add(key, by, "events", 1);
            add(key, by, "cost", cost);
        }
        if (type.equals("click")) {
            int clicks = RedisKeys.shard("ads.click", "");
            String key = RedisKeys.values(clicks, "ads.click", "1h", Windows.bucket(at, "1h", ZoneId.of("UTC")));
            add(key, "", "", 1);
            add(key, "", "clicks", 1);
        }
    }

    public Map<String, Long> counted() {
        Map<String, Long> all = new TreeMap<>(numbers);
        members.forEach((key, set) -> all.put(key, (long) set.size()));
        return all;
    }

    private void add(String key, String by, String measure, long amount) {
        if (amount != 0) {
            numbers.merge(key + " " + RedisKeys.field(by, measure), amount, Long::sum);
        }
    }
}
