package io.granary.streaming.store;

import io.granary.warehouse.redis.Fence;
import io.granary.warehouse.redis.RedisKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import redis.clients.jedis.UnifiedJedis;

/** The fences of a query, one a shard. */
record Fences(UnifiedJedis redis, String query) {
    /** By shard. */
    List<Fence> read() {
        List<Fence> fences = new ArrayList<>();
        for (int shard = 0; shard < RedisKeys.SHARDS; shard++) {
            fences.add(Fence.of(redis.hmget(RedisKeys.fence(shard, query), Fence.FIELDS.toArray(String[]::new))));
        }
        return fences;
    }

    /** The newest batch that all of them have whole; nothing unless all are of this epoch. */
    OptionalLong intact(List<Fence> fences, Epoch epoch) {
        return fences.stream().allMatch(fence -> epoch.toString().equals(fence.epoch()))
                ? fences.stream().mapToLong(Fence::whole).min()
                : OptionalLong.empty();
    }

    /** The highest generation of the epoch's token among them; 0 when there is none. */
    long generation(Epoch epoch) {
        return read().stream()
                .filter(fence -> fence.epoch() != null)
                .map(fence -> Epoch.parse(fence.epoch()))
                .filter(found -> found.token().equals(epoch.token()))
                .mapToLong(Epoch::generation)
                .max()
                .orElse(0);
    }
}
