package io.granary.streaming.store;

import io.granary.streaming.store.SliceScript.Call;
import io.granary.warehouse.redis.RedisKeys;
import java.util.List;
import java.util.function.Consumer;

/** A batch's slices on their way to Redis. */
final class BatchWork implements SliceSender.Work {
    private final String query;
    private final Epoch epoch;
    private final long batch;
    private final List<List<List<Delta>>> slices;
    private final int[] next;
    private final Consumer<Object> applied;

    /** @param applied is told Redis' reply to each slice */
    BatchWork(String query, Epoch epoch, long batch, Slices slices, Consumer<Object> applied) {
        this.query = query;
        this.epoch = epoch;
        this.batch = batch;
        this.slices = slices.byShard();
        this.next = new int[this.slices.size()];
        this.applied = applied;
    }

    @Override
    public Call call(int shard, int slice) {
        return SliceScript.of(
                RedisKeys.fence(shard, query),
                epoch,
                batch,
                slice,
                slices(shard),
                slices.get(shard).get(slice));
    }

    @Override
    public int slices(int shard) {
        return slices.get(shard).size();
    }

    @Override
    public int next(int shard) {
        return next[shard];
    }

    @Override
    public void done(int shard, Object reply) {
        next[shard]++;
        applied.accept(reply);
    }
}
