package io.granary.streaming.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.checkpoint.Marks;
import io.granary.streaming.count.BatchStep;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.redis.AsOf;
import io.granary.warehouse.redis.RedisKeys;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * The counters of one query in Redis, behind the fences of its epoch. Every call waits for a Redis that is away, and may be
 * repeated. Each throws {@link Lost} when Redis no longer holds what was counted, and {@link GranaryException} when it holds
 * another checkpoint's counters or stays away.
 */
public final class CounterStore {
    /** Slices that are sent before their answers are read: some 4 MB. */
    static final int IN_FLIGHT = 64;

    private static final String REBUILT = "rebuilt.json";
    private static final long UNKNOWN = -2;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String query;
    private final Checkpoint checkpoint;
    private final UnifiedJedis redis;
    private final RedisNodes nodes;
    private final RedisRetry retry;
    private final Clock clock;
    private final Ownership owner;
    private final SliceSender sender;
    private final Refusals refusals = new Refusals();
    private final Consumer<FenceAnswer> rejected;
    /** The newest batch that all shards have. */
    private volatile long completed = -1;

    private volatile long rebuilt = UNKNOWN;

    /** What readers are told of the counters. */
    public enum State {
        OK(AsOf.OK),
        /** Numbers may be lower than they were, until the state is {@link #OK} again. */
        REBUILDING(AsOf.REBUILDING);

        private final String text;

        State(String text) {
            this.text = text;
        }
    }

    public CounterStore(String query, Checkpoint checkpoint, RedisNodes nodes, RedisRetry retry, Clock clock) {
        this(query, checkpoint, nodes, retry, clock, IN_FLIGHT, answer -> {});
    }

    /** @param rejected is told of each slice that a fence did not take */
    public CounterStore(
            String query,
            Checkpoint checkpoint,
            RedisNodes nodes,
            RedisRetry retry,
            Clock clock,
            Consumer<FenceAnswer> rejected) {
        this(query, checkpoint, nodes, retry, clock, IN_FLIGHT, rejected);
    }

    CounterStore(
            String query, Checkpoint checkpoint, RedisNodes nodes, RedisRetry retry, Clock clock, int slicesInFlight) {
        this(query, checkpoint, nodes, retry, clock, slicesInFlight, answer -> {});
    }

    private CounterStore(
            String query,
            Checkpoint checkpoint,
            RedisNodes nodes,
            RedisRetry retry,
            Clock clock,
            int slicesInFlight,
            Consumer<FenceAnswer> rejected) {
        this.query = query;
        this.checkpoint = checkpoint;
        this.nodes = nodes;
        this.redis = nodes.commands();
        this.retry = retry;
        this.clock = clock;
        this.sender = new SliceSender(nodes, RedisScript.resource("apply.lua"), slicesInFlight);
        this.owner = new Ownership(query, checkpoint, nodes, retry, rejected);
        this.rejected = rejected;
    }

    /**
     * Makes this checkpoint's epoch the living one of the query, or finds that it is. A checkpoint without a batch takes a
     * Redis that nobody counts into.
     *
     * @param counters the query's; what a first claim finds of them is removed, for no fence vouches for it
     */
    public void claim(Collection<String> counters) {
        EvictionPolicy.check(retry.call(() -> nodes.info("memory"), nodes::forgetConnections), nodes);
        if (owner.isFree()) {
            owner.takeFences(-1);
            wipe(counters);
            call(() -> redis.del(RedisKeys.asOf(query)));
            state(State.OK);
            owner.announce();
            completed = -1;
            owner.taken();
            return;
        }
        owner.check();
        Map<String, String> asOf = call(() -> redis.hgetAll(RedisKeys.asOf(query)));
        if (!State.OK.text.equals(asOf.get("state")) && !Correction.isCorrecting(asOf)) {
            throw owner.lost("a rebuild was not finished", false);
        }
        // what is stored is applied before the next batch is counted: at most the newest stored one may be missing
        long stored = checkpoint.newest();
        long whole = Math.max(stored - 1, rebuilt());
        owner.verify(whole, stored);
        completed = Math.max(-1, whole);
        owner.taken();
    }

    /**
     * Takes the next generation: from now on the generation before can apply nothing. To be followed by {@link #wipe},
     * {@link #apply} of all that is counted up to and with the batch after {@code batch}, and {@link #state}.
     *
     * @param batch behind which the fences stand; the next that is applied is the one after it
     */
    public void claimNext(long batch) {
        // before any fence: what stands behind one of this generation is nothing but what comes from now on
        rebuilt = batch + 1;
        checkpoint.keep(REBUILT, rebuilt);
        owner.next();
        state(State.REBUILDING);
        owner.takeFences(batch);
        owner.announceNext();
        // what is not there yet is missing: a rebuild that dies here is noticed by the next look
        completed = batch + 1;
        owner.taken();
    }

    /**
     * The batch as which the newest rebuild has applied all that was counted until then; -1 when there was none. The stored
     * deltas of this batch and those before are no part of what Redis lacks when a fence stands in front of it.
     */
    public long rebuilt() {
        if (rebuilt == UNKNOWN) {
            rebuilt = checkpoint.value(REBUILT, Long.class).orElse(-1L);
        }
        return rebuilt;
    }

    /** Applies what of a batch has not been applied yet. */
    public void apply(long batch, Slices slices, BatchStep.Observer observer) {
        BatchWork work = new BatchWork(query, owner.epoch(), batch, slices, reply -> {
            refusals.note(reply);
            if (Long.valueOf(0).equals(reply)) {
                rejected.accept(FenceAnswer.REPEATED);
            }
            observer.done(BatchStep.SLICE_APPLIED);
        });
        try {
            boolean isLeft = true;
            while (isLeft) {
                isLeft = retry.call(() -> sender.send(work), nodes::forgetConnections);
            }
        } catch (JedisDataException e) {
            throw owner.explained(e);
        }
        refusals.key().ifPresent(key -> {
            throw owner.lost(key + " is of another type", false);
        });
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
        call(() -> redis.hset(RedisKeys.asOf(query), fields));
        completed = marks.batch();
    }

    /** Tells readers. */
    public void state(State state) {
        Map<String, String> fields = Map.of(
                "state", state.text,
                "since", Long.toString(clock.millis()),
                "generation", Long.toString(owner.epoch().generation()));
        call(() -> redis.hset(RedisKeys.asOf(query), fields));
    }

    /** Tells readers what a rebuild could not count again; null: it could all. */
    public void missing(String text) {
        String key = RedisKeys.asOf(query);
        call(() -> text == null ? redis.hdel(key, "missing") : redis.hset(key, "missing", text));
    }

    /** Removes all keys of counters, a few at a time, on all nodes, as long as the fences are ours. */
    public long wipe(Collection<String> counters) {
        RedisScript unlink = RedisScript.resource("unlink.lua");
        String epoch = owner.epoch().toString();
        try {
            return new CounterKeys(redis, retry).remove(counters, (shard, keys) -> {
                List<String> all = new ArrayList<>(List.of(RedisKeys.fence(shard, query)));
                all.addAll(keys);
                return (Long) unlink.run(redis, all, List.of(epoch));
            });
        } catch (JedisDataException e) {
            throw owner.explained(e);
        }
    }

    /** Finds out whether Redis still holds all completed batches; for times in which no batch comes. */
    public void check() {
        long known = completed;
        owner.check();
        owner.verify(known, Long.MAX_VALUE);
    }

    /** How many changes Redis would not make since the start, such as a sum beyond 64 bits. They are in the log. */
    public long refusals() {
        return refusals.count();
    }

    private <T> T call(java.util.function.Supplier<T> call) {
        return retry.call(call, nodes::forgetConnections);
    }
}
