package io.granary.warehouse.redis;

import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.manifest.TopNode;
import io.granary.warehouse.redis.CounterReads.Round;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * What may be asked of a bucket of a counter: every combination of its dimensions, one of them, or the best of a list. The
 * answers may be read when the round of questions is over.
 *
 * @param start first second of the window, epoch seconds
 */
public record CounterBucket(CounterNode counter, String window, long start) {
    private static final String ROWS = "";

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
     * All combinations, those with the most rows first; distinct measures are 0 until {@link #complete}.
     */
    public Supplier<List<Combination>> combinations(Round round) {
        List<Supplier<Map<String, String>>> shards = IntStream.range(0, RedisKeys.SHARDS)
                .mapToObj(shard -> round.hash(values(shard)))
                .toList();
        return () -> {
            Map<String, Map<String, Long>> byCombination = new TreeMap<>();
            for (Supplier<Map<String, String>> shard : shards) {
                shard.get().forEach((field, number) -> {
                    int hash = field.lastIndexOf('#');
                    if (hash >= 0) {
                        byCombination
                                .computeIfAbsent(field.substring(0, hash), by -> new LinkedHashMap<>())
                                .merge(field.substring(hash + 1), Long.parseLong(number), Long::sum);
                    }
                });
            }
            return byCombination.entrySet().stream()
                    .map(found -> combination(found.getKey(), found.getValue()))
                    .sorted(Comparator.comparingLong(Combination::rows).reversed())
                    .toList();
        };
    }

    /** The same combination with its distinct measures; a key or more is read for each, so of few combinations at a time. */
    public Supplier<Combination> complete(Round round, Combination combination) {
        Map<String, List<Supplier<Long>>> distinct = distinct(round, combination.by());
        return () -> {
            Map<String, Long> values = new LinkedHashMap<>(combination.values());
            values.putAll(sums(distinct));
            return new Combination(combination.by(), combination.rows(), values);
        };
    }

    /** One combination, whole; nothing when Redis holds nothing of it. */
    public Supplier<Optional<Combination>> combination(Round round, String by) {
        List<String> names = new ArrayList<>(List.of(ROWS));
        counter.measures().stream()
                .filter(measure -> !isDistinct(measure))
                .forEach(measure -> names.add(measure.name()));
        Supplier<List<String>> fields = round.fields(
                values(RedisKeys.shard(name(), by)),
                names.stream().map(name -> RedisKeys.field(by, name)).toList());
        Map<String, List<Supplier<Long>>> distinct = distinct(round, by);
        return () -> {
            List<String> found = fields.get();
            Map<String, Long> numbers = sums(distinct);
            boolean isThere = found.stream().anyMatch(Objects::nonNull)
                    || numbers.values().stream().anyMatch(number -> number > 0);
            for (int i = 0; i < found.size(); i++) {
                numbers.put(names.get(i), found.get(i) == null ? 0 : Long.parseLong(found.get(i)));
            }
            return isThere ? Optional.of(combination(by, numbers)) : Optional.empty();
        };
    }

    /** A combination of which Redis holds nothing. */
    public Combination nothing(String by) {
        return combination(by, Map.of());
    }

    /**
     * A top list: the best of all shards merged. Exact, as a combination lies in one shard.
     *
     * @param within encoded values of the list's {@code within}
     */
    public Supplier<List<Place>> best(Round round, TopNode top, String within) {
        List<Supplier<Map<String, Double>>> shards = IntStream.range(0, RedisKeys.SHARDS)
                .mapToObj(shard ->
                        round.best(RedisKeys.ranks(shard, name(), window, start, top.measure(), within), top.size()))
                .toList();
        return () -> shards.stream()
                .flatMap(shard -> shard.get().entrySet().stream())
                .map(e -> new Place(e.getKey(), e.getValue().longValue()))
                .sorted(Comparator.comparingLong(Place::number).reversed().thenComparing(Place::by))
                .limit(top.size())
                .toList();
    }

    private Combination combination(String by, Map<String, Long> numbers) {
        Map<String, Long> values = new LinkedHashMap<>();
        counter.measures().forEach(m -> values.put(m.name(), numbers.getOrDefault(m.name(), 0L)));
        return new Combination(by, numbers.getOrDefault(ROWS, 0L), values);
    }

    private Map<String, List<Supplier<Long>>> distinct(Round round, String by) {
        int[] shards = by.equals(RedisKeys.MORE)
                ? IntStream.range(0, RedisKeys.SHARDS).toArray()
                : new int[] {RedisKeys.shard(name(), by)};
        Map<String, List<Supplier<Long>>> asked = new LinkedHashMap<>();
        for (MeasureNode measure : counter.measures()) {
            if (isDistinct(measure)) {
                List<Supplier<Long>> parts = new ArrayList<>();
                for (int shard : shards) {
                    parts.add(
                            measure.keepsMembers()
                                    ? round.members(RedisKeys.members(shard, name(), window, start, measure.name(), by))
                                    : round.sketch(RedisKeys.sketch(shard, name(), window, start, measure.name(), by)));
                }
                asked.put(measure.name(), parts);
            }
        }
        return asked;
    }

    private static Map<String, Long> sums(Map<String, List<Supplier<Long>>> asked) {
        Map<String, Long> sums = new LinkedHashMap<>();
        asked.forEach((measure, parts) ->
                sums.put(measure, parts.stream().mapToLong(Supplier::get).sum()));
        return sums;
    }

    private static boolean isDistinct(MeasureNode measure) {
        return measure.keepsMembers() || measure.isSketch();
    }

    private String values(int shard) {
        return RedisKeys.values(shard, name(), window, start);
    }

    private String name() {
        return counter.qualifiedName();
    }
}
