package io.granary.streaming.verbs;

import io.granary.warehouse.redis.CounterKey;
import io.granary.warehouse.redis.RedisKeys;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.ScanIteration;
import redis.clients.jedis.UnifiedJedis;

/** What each counter holds in Redis. Scans all keys, a page at a time, while Redis serves others. */
final class CounterSizes {
    private static final int PAGE = 1000;
    /** Keys of a counter and kind whose size is asked; the others are taken to be like them. */
    private static final int SAMPLES = 50;

    private final Map<String, Size> byCounter = new HashMap<>();

    /** What one counter holds. */
    static final class Size {
        private final Map<CounterKey.Kind, long[]> kinds = new EnumMap<>(CounterKey.Kind.class);
        private final Map<String, Long> uncounted = new HashMap<>();
        private long overflows;

        /** Keys of all kinds. */
        long keys() {
            return kinds.values().stream().mapToLong(k -> k[0]).sum();
        }

        /** Bytes that Redis uses for them, estimated from some of each kind. */
        long bytes() {
            return kinds.values().stream()
                    .filter(k -> k[1] > 0)
                    .mapToLong(k -> Math.round((double) k[2] / k[1] * k[0]))
                    .sum();
        }

        /** Buckets (in a shard) with combinations beyond {@code max_keys}. */
        long overflows() {
            return overflows;
        }

        /** Rows that the window in which most were refused has refused, in the days that Redis remembers it. */
        long uncounted(String reason) {
            return uncounted.entrySet().stream()
                    .filter(e -> e.getKey().startsWith(reason + ":"))
                    .mapToLong(Map.Entry::getValue)
                    .max()
                    .orElse(0);
        }
    }

    /** Scans; counters without a key are missing. */
    static Map<String, Size> of(UnifiedJedis redis) {
        CounterSizes sizes = new CounterSizes();
        ScanIteration pages = redis.scanIteration(PAGE, CounterKey.GLOB);
        while (!pages.isIterationCompleted()) {
            sizes.page(redis, pages.nextBatchList());
        }
        return sizes.byCounter;
    }

    private void page(UnifiedJedis redis, Collection<String> keys) {
        List<Runnable> answers = new ArrayList<>();
        try (AbstractPipeline pipeline = redis.pipelined()) {
            for (String key : keys) {
                CounterKey.parse(key).ifPresent(parts -> ask(pipeline, key, parts, answers));
            }
            pipeline.sync();
            answers.forEach(Runnable::run);
        }
    }

    private void ask(AbstractPipeline pipeline, String key, CounterKey parts, List<Runnable> answers) {
        Size size = byCounter.computeIfAbsent(parts.counter(), c -> new Size());
        long[] kind = size.kinds.computeIfAbsent(parts.kind(), k -> new long[3]);
        kind[0]++;
        if (kind[1] < SAMPLES) {
            kind[1]++;
            Response<Long> bytes = pipeline.memoryUsage(key);
            answers.add(() -> kind[2] += bytes.get() == null ? 0 : bytes.get());
        }
        if (parts.kind() == CounterKey.Kind.VALUES) {
            Response<Boolean> more = pipeline.hexists(key, RedisKeys.rows(RedisKeys.MORE));
            answers.add(() -> size.overflows += more.get() ? 1 : 0);
        }
        if (parts.kind() == CounterKey.Kind.UNCOUNTED) {
            Response<Map<String, String>> rows = pipeline.hgetAll(key);
            answers.add(() -> rows.get().forEach((field, number) -> {
                if (field.endsWith("#")) {
                    size.uncounted.merge(parts.reason() + ":" + parts.window(), Long.parseLong(number), Long::sum);
                }
            }));
        }
    }
}
