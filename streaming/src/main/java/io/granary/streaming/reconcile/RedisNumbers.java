package io.granary.streaming.reconcile;

import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.streaming.verbs.PipelinedReads;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.manifest.TopNode;
import io.granary.warehouse.redis.RedisKeys;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;

/** Reads what Redis holds of a counter, a few hundred keys at a time. */
record RedisNumbers(PipelinedReads redis, ZonedCounter counter) {
    private static final List<String> REASONS = List.of("late", "future");
    private static final int BUCKETS = 60;
    private static final int KEYS = 1000;
    /** Sketches in one answer, of 12 KB each at most. */
    static final int SKETCHES = 100;

    /**
     * What was found.
     *
     * @param numbers all that are not 0; distinct measures of {@link Cell#isMore} are left out
     * @param digests of sketches, as {@link Sketch#digest} has them
     * @param ranks places in top lists that say other than {@code numbers}, with their score
     */
    record Held(Map<Cell, Long> numbers, Map<Cell, Long> digests, Map<Rank, Long> ranks) {
        /** Whether a bucket's shard had no room for some of its combinations. */
        boolean isFull(Cell cell, int shard) {
            return numbers.containsKey(new Cell(cell.window(), cell.bucket(), Cell.more(shard), Cell.ROWS));
        }

        /** Where a combination's number is to be found: under its own name, or under that of those beyond the limit. */
        Cell place(Cell cell, int shard) {
            boolean hasRoom = numbers.containsKey(cell.of(Cell.ROWS)) || !isFull(cell, shard);
            return hasRoom ? cell : cell.pooled(shard);
        }

        /** What Redis had no room for is added up as it is there; members do not add up and are left out. */
        Map<Cell, Long> pooled(Scope scope, Map<Cell, Long> others) {
            String name = scope.counter().node().qualifiedName();
            Map<Cell, Long> pooled = new HashMap<>();
            others.forEach((cell, number) -> {
                Cell place = place(cell, cell.shard(name));
                if (place.equals(cell) || scope.kind(cell) == Difference.Kind.ADDED) {
                    pooled.merge(place, number, Long::sum);
                }
            });
            return pooled;
        }
    }

    /** A place in a top list. */
    record Rank(TopNode top, Cell cell) {}

    Held read(Scope day) {
        Held held = new Held(new HashMap<>(), new HashMap<>(), new HashMap<>());
        String name = counter.node().qualifiedName();
        List<Bucket> buckets = day.windows().stream()
                .flatMap(window -> day.buckets(window).stream().map(bucket -> new Bucket(window, bucket)))
                .toList();
        hashes(buckets, (shard, b) -> RedisKeys.values(shard, name, b.window(), b.start()), held.numbers());
        distinct(held);
        counter.node().top().forEach(top -> ranks(top, held));
        return held;
    }

    /** What was dropped as late or future in the buckets of {@code cells}: of rows, counts and sums. */
    Map<Cell, Long> uncounted(Collection<Cell> cells) {
        Map<Cell, Long> uncounted = new HashMap<>();
        String name = counter.node().qualifiedName();
        List<Bucket> buckets = cells.stream()
                .map(c -> new Bucket(c.window(), c.bucket()))
                .distinct()
                .toList();
        for (String reason : REASONS) {
            hashes(buckets, (shard, b) -> RedisKeys.uncounted(shard, reason, name, b.window(), b.start()), uncounted);
        }
        return uncounted;
    }

    private record Bucket(String window, long start) {}

    private record Hash(Bucket bucket, int shard, Supplier<Map<String, String>> fields) {}

    private void hashes(List<Bucket> buckets, BiFunction<Integer, Bucket, String> key, Map<Cell, Long> numbers) {
        for (int from = 0; from < buckets.size(); from += BUCKETS) {
            List<Bucket> page = buckets.subList(from, Math.min(from + BUCKETS, buckets.size()));
            List<Hash> hashes = redis.inOneRound(round -> {
                List<Hash> asked = new ArrayList<>();
                for (Bucket bucket : page) {
                    for (int shard = 0; shard < RedisKeys.SHARDS; shard++) {
                        asked.add(new Hash(bucket, shard, round.hash(key.apply(shard, bucket))));
                    }
                }
                return asked;
            });
            hashes.forEach(hash -> add(hash, numbers));
        }
    }

    private static void add(Hash hash, Map<Cell, Long> numbers) {
        hash.fields().get().forEach((field, text) -> {
            int at = field.lastIndexOf('#');
            long number = at < 0 ? 0 : Long.parseLong(text);
            if (number != 0) {
                String by = field.substring(0, at);
                String place = by.equals(RedisKeys.MORE) ? Cell.more(hash.shard()) : by;
                Bucket in = hash.bucket();
                numbers.merge(new Cell(in.window(), in.start(), place, field.substring(at + 1)), number, Long::sum);
            }
        });
    }

    private void distinct(Held held) {
        List<Cell> combinations = held.numbers().keySet().stream()
                .filter(c -> c.measure().equals(Cell.ROWS) && !c.isMore())
                .toList();
        for (MeasureNode measure : counter.node().measures()) {
            if (measure.isSketch()) {
                List<Cell> cells =
                        combinations.stream().map(c -> c.of(measure.name())).toList();
                for (int from = 0; from < cells.size(); from += SKETCHES) {
                    sketches(measure, cells.subList(from, Math.min(from + SKETCHES, cells.size())))
                            .forEach((cell, sketch) -> {
                                put(held.numbers(), cell, sketch.estimate());
                                put(held.digests(), cell, sketch.digest());
                            });
                }
            } else if (measure.keepsMembers()) {
                members(measure, combinations, held);
            }
        }
    }

    private static void put(Map<Cell, Long> numbers, Cell cell, long number) {
        if (number != 0) {
            numbers.put(cell, number);
        }
    }

    private void members(MeasureNode measure, List<Cell> combinations, Held held) {
        for (int from = 0; from < combinations.size(); from += KEYS) {
            List<Cell> page = combinations.subList(from, Math.min(from + KEYS, combinations.size()));
            List<Supplier<Long>> sizes = redis.inOneRound(round -> page.stream()
                    .map(c -> round.members(key(counter.node(), measure, c)))
                    .toList());
            for (int i = 0; i < page.size(); i++) {
                put(held.numbers(), page.get(i).of(measure.name()), sizes.get(i).get());
            }
        }
    }

    /** The sketches of some cells: 16 KB each. */
    Map<Cell, Sketch> sketches(MeasureNode measure, List<Cell> cells) {
        List<String> keys =
                cells.stream().map(c -> key(counter.node(), measure, c)).toList();
        List<Response<byte[]>> values;
        try (AbstractPipeline pipeline = redis.redis().pipelined()) {
            values = keys.stream()
                    .map(key -> pipeline.get(key.getBytes(StandardCharsets.UTF_8)))
                    .toList();
            pipeline.sync();
        }
        Map<Cell, Sketch> sketches = new HashMap<>();
        for (int i = 0; i < keys.size(); i++) {
            sketches.put(cells.get(i), Sketch.of(keys.get(i), values.get(i).get()));
        }
        return sketches;
    }

    /** The key of a distinct measure. */
    static String key(CounterNode counter, MeasureNode measure, Cell cell) {
        String name = counter.qualifiedName();
        int shard = cell.shard(name);
        return measure.keepsMembers()
                ? RedisKeys.members(shard, name, cell.window(), cell.bucket(), measure.name(), cell.redisBy())
                : RedisKeys.sketch(shard, name, cell.window(), cell.bucket(), measure.name(), cell.redisBy());
    }

    /** The key of a top list that has the cell's combination. */
    static String key(CounterNode counter, TopNode top, Cell cell) {
        List<String> values = RedisKeys.decodeBy(cell.by(), counter.by().size());
        String within = RedisKeys.encodeBy(top.within().stream()
                .map(column -> values.get(counter.by().indexOf(column)))
                .toList());
        String name = counter.qualifiedName();
        return RedisKeys.ranks(cell.shard(name), name, cell.window(), cell.bucket(), top.measure(), within);
    }

    private void ranks(TopNode top, Held held) {
        Map<String, Set<Cell>> byKey = new HashMap<>();
        held.numbers().keySet().stream()
                .filter(c -> c.measure().equals(Cell.ROWS) && !c.isMore())
                .forEach(c -> byKey.computeIfAbsent(key(counter.node(), top, c), k -> new HashSet<>())
                        .add(c.of(top.measure())));
        List<String> keys = List.copyOf(new TreeSet<>(byKey.keySet()));
        for (int from = 0; from < keys.size(); from += KEYS) {
            List<String> page = keys.subList(from, Math.min(from + KEYS, keys.size()));
            List<Supplier<Map<String, Double>>> lists = redis.inOneRound(round ->
                    page.stream().map(key -> round.best(key, Integer.MAX_VALUE)).toList());
            for (int i = 0; i < page.size(); i++) {
                compare(top, byKey.get(page.get(i)), lists.get(i).get(), held);
            }
        }
    }

    private static void compare(TopNode top, Set<Cell> cells, Map<String, Double> list, Held held) {
        for (Cell cell : cells) {
            long score = list.getOrDefault(cell.by(), 0.0).longValue();
            if (score != held.numbers().getOrDefault(cell, 0L)) {
                held.ranks().put(new Rank(top, cell), score);
            }
        }
    }
}
