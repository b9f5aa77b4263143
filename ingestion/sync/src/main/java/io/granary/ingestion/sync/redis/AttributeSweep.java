package io.granary.ingestion.sync.redis;

import io.granary.warehouse.redis.AttributeVersion;
import io.granary.warehouse.redis.RedisKeys;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.resps.Tuple;

/**
 * Removes the versions of a prefix that nobody reads, in one pass over the keys and a few keys at a time, so that Redis
 * answers others meanwhile. A version in its grace time gets an expiry at its end, spread a little, and Redis removes it.
 * A pass that was killed is made again by the next. Versions that begin during the pass have higher numbers and stay.
 */
final class AttributeSweep {
    private static final int BATCH = 1000;
    /** By how much of the grace time the keys of a version expire later than its end. */
    private static final int SPREAD = 4;

    private final UnifiedJedis redis;
    private final String prefix;
    private final long now;

    AttributeSweep(UnifiedJedis redis, String prefix, Clock clock) {
        this.redis = redis;
        this.prefix = prefix;
        this.now = clock.millis();
    }

    void run() {
        String last = redis.get(RedisKeys.attributesState(prefix, "last"));
        long highest = last == null ? 0 : Long.parseLong(last);
        Set<Long> kept = new HashSet<>();
        AttributeVersion.of(redis.hgetAll(RedisKeys.attributesCurrent(prefix)))
                .ifPresent(current -> kept.add(current.number()));
        redis.hkeys(RedisKeys.attributesState(prefix, "loading")).forEach(version -> kept.add(Long.parseLong(version)));
        String retired = RedisKeys.attributesState(prefix, "retired");
        Map<Long, Long> pending = new HashMap<>();
        Set<String> done = new HashSet<>();
        for (Tuple version : redis.zrangeWithScores(retired, 0, -1)) {
            done.add(version.getElement());
            if ((long) version.getScore() > now) {
                pending.put(Long.parseLong(version.getElement()), (long) version.getScore() - now);
            }
        }
        var keys = redis.scanIteration(BATCH, RedisKeys.attributesGlob(prefix));
        while (!keys.isIterationCompleted()) {
            remove(keys.nextBatchList(), v -> v > 0 && v <= highest && !kept.contains(v), pending);
        }
        if (!done.isEmpty()) {
            redis.zrem(retired, done.toArray(String[]::new));
        }
    }

    private void remove(Collection<String> keys, LongPredicate old, Map<Long, Long> pending) {
        try (AbstractPipeline pipeline = redis.pipelined()) {
            for (String key : keys) {
                long version = RedisKeys.attributesVersion(prefix, key);
                if (!old.test(version)) {
                    continue;
                }
                Long left = pending.get(version);
                if (left == null) {
                    pipeline.unlink(key);
                } else {
                    pipeline.pexpire(key, left + Math.floorMod(key.hashCode(), left / SPREAD + 1));
                }
            }
            pipeline.sync();
        }
    }
}
