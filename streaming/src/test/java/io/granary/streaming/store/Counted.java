package io.granary.streaming.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.warehouse.redis.CounterKey;
import io.granary.warehouse.redis.RedisKeys;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import redis.clients.jedis.ScanIteration;
import redis.clients.jedis.UnifiedJedis;

/** What the counters say: as Redis has it, and as a plain program computes it from the deltas. */
final class Counted {
    private final Map<String, Map<String, Long>> numbers = new TreeMap<>();
    private final Map<String, Set<String>> members = new TreeMap<>();

    /** All counters of a Redis or a cluster; of a sketch its estimate. */
    static Map<String, String> of(UnifiedJedis redis) {
        Map<String, String> found = new TreeMap<>();
        ScanIteration keys = redis.scanIteration(500, CounterKey.GLOB);
        while (!keys.isIterationCompleted()) {
            for (String key : keys.nextBatchList()) {
                found.put(key, value(redis, key));
            }
        }
        return found;
    }

    private static String value(UnifiedJedis redis, String key) {
        return switch (CounterKey.parse(key).orElseThrow().kind()) {
            case VALUES, UNCOUNTED -> new TreeMap<>(redis.hgetAll(key)).toString();
            case MEMBERS -> new TreeSet<>(redis.smembers(key)).toString();
            case SKETCH -> Long.toString(redis.pfcount(key));
            case RANKS -> {
                Map<String, Long> ranks = new TreeMap<>();
                redis.zrangeWithScores(key, 0, -1).forEach(t -> ranks.put(t.getElement(), (long) t.getScore()));
                yield ranks.toString();
            }
        };
    }

    /** Shows only what differs. */
    static void assertSame(UnifiedJedis redis, Map<String, String> expected) {
        Map<String, String> missing = new TreeMap<>(expected);
        Map<String, String> found = new TreeMap<>(of(redis));
        missing.entrySet().removeAll(new TreeMap<>(found).entrySet());
        found.entrySet().removeAll(expected.entrySet());
        assertThat(found).isEqualTo(missing);
    }

    /** Counts a batch. Within a shard the numbers come first. */
    void add(List<Delta> deltas) {
        Map<String, Boolean> admitted = new HashMap<>();
        for (Delta.Kind kind : Delta.Kind.values()) {
            deltas.stream().filter(d -> d.kind() == kind).forEach(d -> add(d, admitted));
        }
    }

    private void add(Delta delta, Map<String, Boolean> admitted) {
        CounterKey key = CounterKey.parse(delta.key()).orElseThrow();
        String by = delta.kind() == Delta.Kind.ADD
                ? delta.by()
                : delta.kind() == Delta.Kind.RANK ? delta.field() : key.by();
        String hash =
                delta.kind() == Delta.Kind.ADD ? delta.key() : key.values().text();
        boolean isIn = delta.limit() == 0
                || admitted.computeIfAbsent(hash + " " + by, h -> isAdmitted(hash, by, delta.limit()));
        switch (delta.kind()) {
            case ADD ->
                sum(delta.key(), isIn ? delta.field() : delta.field().replace(by + "#", RedisKeys.MORE + "#"), delta);
            case RANK -> {
                if (isIn) {
                    sum(delta.key(), delta.field(), delta);
                }
            }
            default ->
                members.computeIfAbsent(
                                isIn ? delta.key() : key.of(RedisKeys.MORE).text(), k -> new TreeSet<>())
                        .add(delta.field());
        }
    }

    private boolean isAdmitted(String hash, String by, long limit) {
        Map<String, Long> fields = numbers.computeIfAbsent(hash, h -> new TreeMap<>());
        if (fields.containsKey(RedisKeys.rows(by))) {
            return true;
        }
        if (fields.getOrDefault(RedisKeys.COMBINATIONS, 0L) >= limit) {
            return false;
        }
        fields.merge(RedisKeys.COMBINATIONS, 1L, Long::sum);
        return true;
    }

    private void sum(String key, String field, Delta delta) {
        numbers.computeIfAbsent(key, k -> new TreeMap<>()).merge(field, delta.amount(), Long::sum);
    }

    /** In the form of {@link #of(UnifiedJedis)}; sketches are exact here. */
    Map<String, String> expected() {
        Map<String, String> expected = new TreeMap<>();
        numbers.forEach((key, fields) -> expected.put(key, fields.toString()));
        members.forEach((key, set) -> expected.put(
                key,
                CounterKey.parse(key).orElseThrow().kind() == CounterKey.Kind.SKETCH
                        ? Integer.toString(set.size())
                        : set.toString()));
        return expected;
    }
}
