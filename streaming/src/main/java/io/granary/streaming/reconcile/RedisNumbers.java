package io.granary.streaming.reconcile;

import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.manifest.TopNode;
import io.granary.warehouse.redis.CounterReads;
import io.granary.warehouse.redis.RedisKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Reads what Redis holds of a counter, a few hundred keys at a time. */
record RedisNumbers(CounterReads redis, ZonedCounter counter) {
    private static final List<String> REASONS = List.of("late", "future");
    private static final int BUCKETS = 20;
    private static final int KEYS = 1000;

    /**
     * What was found.
     *
     * @param numbers all that are not 0; distinct measures of {@link Cell#isMore} are left out
     * @param uncounted what was dropped as late or future, of counts and sums and of rows
     * @param ranks places in top lists that say other than {@code numbers}, with their score
     */
    record Held(Map<Cell, Long> numbers, Map<Cell, Long> uncounted, Map<Rank, Long> ranks) {
        /** Whether a bucket's shard had no room for some of its combinations. */
        boolean isFull(Cell cell, int shard) {
            return numbers.containsKey(new Cell(cell.window(), cell.bucket(), Cell.more(shard), Cell.ROWS));
        }

        /** Where a combination's number is to be found: under its own name, or under that of those beyond the limit. */
        Cell place(Cell cell, int shard) {
            boolean hasRoom = numbers.containsKey(cell.of(Cell.ROWS)) || !isFull(cell, shard);
            return hasRoom ? cell : cell.pooled(shard);
        }
    }

    /** A place in a top list. */
    record Rank(TopNode top, Cell cell) {}

    Held read(CounterDay day) {
        Held held = new Held(new HashMap<>(), new HashMap<>(), new HashMap<>());
        for (String window : day.windows()) {
            List<Long> buckets = day.buckets(window);
            for (int from = 0; from < buckets.size(); from += BUCKETS) {
                hashes(window, buckets.subList(from, Math.min(from + BUCKETS, buckets.size())), held);
            }
        }
        distinct(held);
        counter.node().top().forEach(top -> ranks(top, held));
        return held;
    }

    private record Hash(long bucket, int shard, Supplier<Map<String, String>> counted, List<Supplier<Map<String, String>>> not) {}

    private void hashes(String window, List<Long> buckets, Held held) {
        String name = counter.node().qualifiedName();
        List<Hash> hashes = redis.inOneRound(round -> {
            List<Hash> asked = new ArrayList<>();
            for (long bucket : buckets) {
                for (int shard = 0; shard < RedisKeys.SHARDS; shard++) {
                    int of = shard;
                    asked.add(new Hash(
                            bucket,
                            shard,
                            round.hash(RedisKeys.values(shard, name, window, bucket)),
                            REASONS.stream()
                                    .map(r -> round.hash(RedisKeys.uncounted(of, r, name, window, bucket)))
                                    .toList()));
                }
            }
            return asked;
        });
        for (Hash hash : hashes) {
            add(window, hash, hash.counted().get(), held.numbers());
            hash.not().forEach(reason -> add(window, hash, reason.get(), held.uncounted()));
        }
    }

    private static void add(String window, Hash hash, Map<String, String> fields, Map<Cell, Long> numbers) {
        fields.forEach((field, text) -> {
            int at = field.lastIndexOf('#');
            long number = at < 0 ? 0 : Long.parseLong(text);
            if (number != 0) {
                String by = field.substring(0, at);
                String place = by.equals(RedisKeys.MORE) ? Cell.more(hash.shard()) : by;
                numbers.merge(new Cell(window, hash.bucket(), place, field.substring(at + 1)), number, Long::sum);
            }
        });
    }

    private void distinct(Held held) {
        List<Cell> combinations = held.numbers().keySet().stream()
                .filter(c -> c.measure().equals(Cell.ROWS) && !c.isMore())
                .toList();
        for (MeasureNode measure : counter.node().measures()) {
            if (!measure.keepsMembers() && !measure.isSketch()) {
                continue;
            }
            for (int from = 0; from < combinations.size(); from += KEYS) {
                List<Cell> page = combinations.subList(from, Math.min(from + KEYS, combinations.size()));
                List<Supplier<Long>> sizes = redis.inOneRound(round -> page.stream()
                        .map(c -> measure.keepsMembers()
                                ? round.members(key(counter.node(), measure, c))
                                : round.sketch(key(counter.node(), measure, c)))
                        .toList());
                for (int i = 0; i < page.size(); i++) {
                    if (sizes.get(i).get() != 0) {
                        held.numbers().put(page.get(i).of(measure.name()), sizes.get(i).get());
                    }
                }
            }
        }
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
