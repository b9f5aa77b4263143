package io.granary.streaming.store;

import io.granary.warehouse.redis.RedisKeys;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A batch's deltas by shard, cut into slices that Redis applies in one go each. Within a shard they come by kind and else in
 * the order given, which is that of the checkpoint's file: so a batch that is repeated is cut the same way. A shard without
 * deltas has one empty slice, so that every fence moves with every batch and lost Redis data is noticed.
 */
public record Slices(List<List<List<Delta>>> byShard) {
    /** Keeps a script's run, during which Redis serves nobody else, at some milliseconds. */
    public static final int SIZE = 1000;

    /** @param size how many deltas a slice has; it has more where a combination's numbers would be torn apart */
    public static Slices of(List<Delta> deltas, int size) {
        List<Map<Delta.Kind, List<Delta>>> shards = new ArrayList<>();
        for (int shard = 0; shard < RedisKeys.SHARDS; shard++) {
            shards.add(new EnumMap<>(Delta.Kind.class));
        }
        for (Delta delta : deltas) {
            shards.get(delta.shard())
                    .computeIfAbsent(delta.kind(), kind -> new ArrayList<>())
                    .add(delta);
        }
        return new Slices(shards.stream().map(shard -> cut(shard, size)).toList());
    }

    private static List<List<Delta>> cut(Map<Delta.Kind, List<Delta>> shard, int size) {
        List<Delta> all = new ArrayList<>();
        shard.values().forEach(all::addAll);
        List<List<Delta>> slices = new ArrayList<>();
        int from = 0;
        do {
            int to = Math.min(from + size, all.size());
            while (to < all.size() && isTorn(all.get(to - 1), all.get(to))) {
                to++;
            }
            slices.add(List.copyOf(all.subList(from, to)));
            from = to;
        } while (from < all.size());
        return slices;
    }

    /** Whether both are numbers of one combination: its rows decide where they go. */
    private static boolean isTorn(Delta last, Delta next) {
        return last.kind() == Delta.Kind.ADD
                && next.kind() == Delta.Kind.ADD
                && last.key().equals(next.key())
                && last.by().equals(next.by());
    }
}
