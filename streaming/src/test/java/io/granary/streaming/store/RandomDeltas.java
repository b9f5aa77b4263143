package io.granary.streaming.store;

import io.granary.warehouse.redis.RedisKeys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Batches of a counter with every kind of measure, a few buckets and some combinations. */
record RandomDeltas(Random random, int combinations, long limit) {
    static final String COUNTER = "traffic.page_view";
    static final long DAY = Instant.now().getEpochSecond() / 86_400 * 86_400;
    private static final long EXPIRES = DAY + 40 * 86_400;

    List<Delta> batch(int size) {
        List<Delta> deltas = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            String by = RedisKeys.encodeBy(List.of("shop", "/page/" + random.nextInt(combinations)));
            combination(deltas, by, "1m", DAY + 60L * random.nextInt(3));
            combination(deltas, by, "total", 0);
        }
        return deltas;
    }

    private void combination(List<Delta> deltas, String by, String window, long bucket) {
        int shard = RedisKeys.shard(COUNTER, by);
        long expires = window.equals("total") ? 0 : EXPIRES;
        long rows = 1 + random.nextInt(9);
        String values = RedisKeys.values(shard, COUNTER, window, bucket);
        deltas.add(Delta.add(shard, values, RedisKeys.rows(by), rows, expires, limit));
        deltas.add(Delta.add(shard, values, RedisKeys.field(by, "views"), rows, expires, limit));
        deltas.add(Delta.add(shard, values, RedisKeys.field(by, "spend"), random.nextInt(100) - 50, expires, limit));
        String set = RedisKeys.members(shard, COUNTER, window, bucket, "buyers", by);
        String sketch = RedisKeys.sketch(shard, COUNTER, window, bucket, "visitors", by);
        for (int i = 0; i < rows; i++) {
            deltas.add(Delta.member(shard, set, "u" + random.nextInt(12), expires, limit));
            deltas.add(Delta.sketch(shard, sketch, "v" + random.nextInt(12), expires, limit));
        }
        String ranks = RedisKeys.ranks(shard, COUNTER, window, bucket, "views", "shop");
        deltas.add(Delta.rank(shard, ranks, by, rows, expires, limit));
        String late = RedisKeys.uncounted(shard, "late", COUNTER, window, bucket);
        deltas.add(Delta.add(shard, late, RedisKeys.rows(by), 1, expires, limit));
    }
}
