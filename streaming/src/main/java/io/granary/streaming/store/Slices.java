package io.granary.streaming.store;

import io.granary.warehouse.redis.RedisKeys;
import java.util.ArrayList;
import java.util.List;

/**
 * A batch's deltas by shard, cut into slices that Redis applies in one go each. The cut depends on the deltas alone. A
 * shard without deltas has one empty slice, so that every fence moves with every batch and lost Redis data is noticed.
 */
public record Slices(List<List<List<Delta>>> byShard) {
    /** Keeps a script's run, during which Redis serves nobody else, at some milliseconds. */
    public static final int SIZE = 1000;

    public static Slices of(List<Delta> deltas, int size) {
        List<List<Delta>> shards = new ArrayList<>();
        for (int shard = 0; shard < RedisKeys.SHARDS; shard++) {
            shards.add(new ArrayList<>());
        }
        deltas.stream().sorted(Delta.ORDER).forEach(d -> shards.get(d.shard()).add(d));
        return new Slices(shards.stream().map(s -> cut(s, size)).toList());
    }

    private static List<List<Delta>> cut(List<Delta> shard, int size) {
        List<List<Delta>> slices = new ArrayList<>();
        for (int from = 0; from == 0 || from < shard.size(); from += size) {
            slices.add(List.copyOf(shard.subList(from, Math.min(from + size, shard.size()))));
        }
        return slices;
    }
}
