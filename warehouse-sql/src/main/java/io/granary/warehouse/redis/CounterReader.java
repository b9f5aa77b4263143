package io.granary.warehouse.redis;

import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.manifest.TopNode;
import io.granary.warehouse.redis.CounterReads.Round;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** What a counter's bucket holds: every combination of its dimensions, one of them, or the best of a list. */
public final class CounterReader {
    private final CounterReads redis;

    public CounterReader(CounterReads redis) {
        this.redis = redis;
    }

    /**
     * The numbers of one combination.
     *
     * @param by encoded values of the dimensions ({@link RedisKeys#decodeBy}), or {@link RedisKeys#MORE}
     * @param rows how many rows were counted
     * @param values by measure. Distinct measures of {@link RedisKeys#MORE} are an upper bound: its 16 shards are added up
     */
    public record Combination(String by, long rows, Map<String, Long> values) {
        /** Whether it stands for all that were too many. */
        public boolean isRest() {
            return by.equals(RedisKeys.MORE);
        }
    }

    /** A place in a top list. */
    public record Place(String by, long number) {}

    /**
     * All combinations of a bucket, those with the most rows first; distinct measures are 0 until {@link #complete}.
     */
    public List<Combination> combinations(CounterNode counter, String window, long bucket) {
        List<Map<String, String>> shards = redis
                .inOneRound(round -> IntStream.range(0, RedisKeys.SHARDS)
                        .mapToObj(shard -> round.hash(RedisKeys.values(shard, counter.qualifiedName(), window, bucket)))
                        .toList())
                .stream()
                .map(Supplier::get)
                .toList();
        Map<String, Map<String, Long>> byCombination = new TreeMap<>();
        for (Map<String, String> shard : shards) {
            shard.forEach((field, number) -> {
                int hash = field.lastIndexOf('#');
                if (hash >= 0) {
                    byCombination
                            .computeIfAbsent(field.substring(0, hash), by -> new LinkedHashMap<>())
                            .merge(field.substring(hash + 1), Long.parseLong(number), Long::sum);
                }
            });
        }
        List<Combination> found = new ArrayList<>();
        byCombination.forEach((by, numbers) -> {
            Map<String, Long> values = new LinkedHashMap<>();
            counter.measures().forEach(m -> values.put(m.name(), numbers.getOrDefault(m.name(), 0L)));
            found.add(new Combination(by, numbers.getOrDefault("", 0L), values));
        });
        found.sort(Comparator.comparingLong(Combination::rows).reversed());
        return found;
    }

    /** The same combinations with their distinct measures; two keys or more are read for each, so of few at a time. */
    public List<Combination> complete(
            CounterNode counter, String window, long bucket, Collection<Combination> combinations) {
        record Asked(Combination combination, Map<String, List<Supplier<Long>>> distinct) {}
        List<Asked> all = redis.inOneRound(round -> combinations.stream()
                .map(c -> new Asked(c, distinct(round, counter, window, bucket, c)))
                .toList());
        return all.stream()
                .map(asked -> {
                    Map<String, Long> values =
                            new LinkedHashMap<>(asked.combination().values());
                    asked.distinct()
                            .forEach((measure, parts) -> values.put(
                                    measure,
                                    parts.stream().mapToLong(Supplier::get).sum()));
                    return new Combination(
                            asked.combination().by(), asked.combination().rows(), values);
                })
                .toList();
    }

    private static Map<String, List<Supplier<Long>>> distinct(
            Round round, CounterNode counter, String window, long bucket, Combination combination) {
        String name = counter.qualifiedName();
        IntStream shards = combination.isRest()
                ? IntStream.range(0, RedisKeys.SHARDS)
                : IntStream.of(RedisKeys.shard(name, combination.by()));
        int[] in = shards.toArray();
        Map<String, List<Supplier<Long>>> asked = new LinkedHashMap<>();
        for (MeasureNode measure : counter.measures()) {
            if (!measure.keepsMembers() && !measure.isSketch()) {
                continue;
            }
            List<Supplier<Long>> parts = new ArrayList<>();
            for (int shard : in) {
                parts.add(
                        measure.keepsMembers()
                                ? round.members(RedisKeys.members(
                                        shard, name, window, bucket, measure.name(), combination.by()))
                                : round.sketch(RedisKeys.sketch(
                                        shard, name, window, bucket, measure.name(), combination.by())));
            }
            asked.put(measure.name(), parts);
        }
        return asked;
    }

    /**
     * A top list: the best of all shards merged. Exact, as a combination lies in one shard.
     *
     * @param within encoded values of the list's {@code within}
     */
    public List<Place> best(CounterNode counter, TopNode top, String window, long bucket, String within) {
        List<Supplier<Map<String, Double>>> shards = redis.inOneRound(round -> IntStream.range(0, RedisKeys.SHARDS)
                .mapToObj(shard -> round.best(
                        RedisKeys.ranks(shard, counter.qualifiedName(), window, bucket, top.measure(), within),
                        top.size()))
                .toList());
        return shards.stream()
                .flatMap(shard -> shard.get().entrySet().stream())
                .map(e -> new Place(e.getKey(), e.getValue().longValue()))
                .sorted(Comparator.comparingLong(Place::number).reversed().thenComparing(Place::by))
                .limit(top.size())
                .toList();
    }
}
