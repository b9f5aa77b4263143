package io.granary.streaming.store;

import io.granary.warehouse.redis.CounterKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import redis.clients.jedis.ScanIteration;
import redis.clients.jedis.UnifiedJedis;

/** Finds the keys of counters on all nodes, by scanning: Redis serves others meanwhile. */
record CounterKeys(UnifiedJedis redis, RedisRetry retry) {
    private static final int PAGE = 500;

    /** Removes keys of one shard; returns how many. */
    @FunctionalInterface
    interface Removal {
        long of(int shard, List<String> keys);
    }

    /** Removes all keys of these counters; returns how many. A repeated scan finds what a broken one left. */
    long remove(Collection<String> counters, Removal removal) {
        return retry.call(() -> removeOnce(Set.copyOf(counters), removal));
    }

    private long removeOnce(Set<String> counters, Removal removal) {
        long removed = 0;
        ScanIteration pages = redis.scanIteration(PAGE, CounterKey.GLOB);
        while (!pages.isIterationCompleted()) {
            Map<Integer, List<String>> byShard = pages.nextBatchList().stream()
                    .filter(key -> CounterKey.parse(key)
                            .filter(parts -> counters.contains(parts.counter()))
                            .isPresent())
                    .collect(Collectors.groupingBy(CounterKeys::shard, Collectors.toCollection(ArrayList::new)));
            for (Map.Entry<Integer, List<String>> keys : byShard.entrySet()) {
                removed += removal.of(keys.getKey(), keys.getValue());
            }
        }
        return removed;
    }

    /** Keys of one shard are in one slot, so one command may name them. */
    private static int shard(String key) {
        return CounterKey.parse(key).orElseThrow().shard();
    }
}
