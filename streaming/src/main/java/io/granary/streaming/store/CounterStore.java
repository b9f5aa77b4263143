package io.granary.streaming.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.checkpoint.Marks;
import io.granary.streaming.count.BatchStep;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.redis.RedisKeys;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.SetParams;

/** The counters of one query in Redis, behind the fences of its epoch. */
public final class CounterStore {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String query;
    private final String epoch;
    private final Checkpoint checkpoint;
    private final RedisScript apply;
    private final RedisScript claim;
    private final UnifiedJedis redis;
    private final RedisRetry retry;
    private final Clock clock;

    public CounterStore(String query, Checkpoint checkpoint, UnifiedJedis redis, RedisRetry retry, Clock clock) {
        this.query = query;
        this.epoch = checkpoint.epoch();
        this.checkpoint = checkpoint;
        this.redis = redis;
        this.retry = retry;
        this.clock = clock;
        this.apply = RedisScript.resource("apply.lua");
        this.claim = RedisScript.resource("claim.lua");
    }

    /**
     * Makes this checkpoint's epoch the living one of the query, when no other ever counted into this Redis.
     *
     * @throws GranaryException when Redis lost its counters, or holds those of another checkpoint
     */
    public void claim() {
        String living = retry.call(() -> redis.get(RedisKeys.epoch(query)));
        if (epoch.equals(living)) {
            return;
        }
        if (living != null) {
            throw foreign(living);
        }
        if (!checkpoint.isFresh()) {
            throw lost("g:epoch is gone");
        }
        for (int shard = 0; shard < RedisKeys.SHARDS; shard++) {
            run(claim, List.of(RedisKeys.fence(shard, query)), List.of(epoch));
        }
        retry.call(() -> redis.del(RedisKeys.asOf(query)));
        retry.call(() -> redis.set(RedisKeys.epoch(query), epoch, new SetParams().nx()));
        String now = retry.call(() -> redis.get(RedisKeys.epoch(query)));
        if (!epoch.equals(now)) {
            throw foreign(now);
        }
    }

    /** Applies what of a batch has not been applied yet. */
    public void apply(long batch, Slices slices, BatchStep.Observer observer) {
        for (int shard = 0; shard < slices.byShard().size(); shard++) {
            List<List<Delta>> ofShard = slices.byShard().get(shard);
            for (int slice = 0; slice < ofShard.size(); slice++) {
                apply(shard, batch, slice, ofShard.size(), ofShard.get(slice));
                observer.done(BatchStep.SLICE_APPLIED);
            }
        }
    }

    private void apply(int shard, long batch, int slice, int slices, List<Delta> deltas) {
        Map<String, Integer> index = new LinkedHashMap<>();
        index.put(RedisKeys.fence(shard, query), 1);
        List<String> arguments = new ArrayList<>(
                List.of(epoch, Long.toString(batch), Integer.toString(slice), Integer.toString(slices)));
        for (Delta delta : deltas) {
            if (index.putIfAbsent(delta.key(), index.size() + 1) == null) {
                arguments.add(Long.toString(delta.ttlSeconds()));
            }
        }
        for (Delta delta : deltas) {
            arguments.add(index.get(delta.key()).toString());
            arguments.add(delta.field());
            arguments.add(delta.kind() == Delta.Kind.ADD ? Long.toString(delta.amount()) : "");
        }
        run(apply, List.copyOf(index.keySet()), arguments);
    }

    /** All shards have the batch: from now on readers may rely on it. */
    public void completed(Marks marks) {
        String offsets;
        try {
            offsets = JSON.writeValueAsString(new TreeMap<>(marks.offsets()));
        } catch (JsonProcessingException e) {
            throw new GranaryException(ErrorCode.INTERNAL, "offsets cannot be written: " + e.getMessage(), e);
        }
        Map<String, String> fields =
                Map.of("batch", Long.toString(marks.batch()), "at", Long.toString(clock.millis()), "offsets", offsets);
        retry.call(() -> redis.hset(RedisKeys.asOf(query), fields));
    }

    private void run(RedisScript script, List<String> keys, List<String> arguments) {
        try {
            retry.call(() -> script.run(redis, keys, arguments));
        } catch (JedisDataException e) {
            String message = String.valueOf(e.getMessage());
            if (message.contains("FENCE epoch none") || message.contains("FENCE gap")) {
                throw lost(message);
            }
            if (message.contains("FENCE epoch")) {
                throw foreign(message.substring(message.indexOf("FENCE epoch ") + "FENCE epoch ".length()));
            }
            throw new GranaryException(
                    ErrorCode.EXTERNAL, "Redis refused the counters of " + query + ": " + message, e);
        }
    }

    private GranaryException lost(String found) {
        return new GranaryException(
                ErrorCode.DATA,
                "Redis no longer holds the counters that " + query + " has counted (" + found + "): it was flushed,"
                        + " replaced or put back to an older state. " + checkpoint.startAnew());
    }

    private GranaryException foreign(String living) {
        return new GranaryException(
                ErrorCode.DATA,
                "Redis holds counters of " + query + " from another checkpoint (epoch " + living + ", ours is " + epoch
                        + "): going on would count the same lines twice. Put that checkpoint back, or remove the"
                        + " query's keys (" + RedisKeys.epoch(query) + ", " + RedisKeys.asOf(query) + ", "
                        + "g:{*}:fence:" + query + " and its counters' g:{*}:c:… and g:{*}:u:…) and start streaming.");
    }
}
