package io.granary.streaming.store;

import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.redis.Fence;
import io.granary.warehouse.redis.RedisKeys;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.SetParams;

/**
 * Whose counters of a query Redis holds, and up to where: takes its epoch and fences, and tells from what stands there
 * whether it has lost data or is another's.
 */
final class Ownership {
    private final String query;
    private final Checkpoint checkpoint;
    private final UnifiedJedis redis;
    private final RedisNodes nodes;
    private final RedisRetry retry;
    private final RedisScript claim = RedisScript.resource("claim.lua");
    private final Fences fences;
    private final Consumer<FenceAnswer> rejected;
    private volatile Epoch epoch;
    private volatile boolean isTaken;

    /** @param rejected is told of each slice that a fence did not take */
    Ownership(String query, Checkpoint checkpoint, RedisNodes nodes, RedisRetry retry, Consumer<FenceAnswer> rejected) {
        this.query = query;
        this.checkpoint = checkpoint;
        this.nodes = nodes;
        this.redis = nodes.commands();
        this.retry = retry;
        this.fences = new Fences(redis, query);
        this.epoch = checkpoint.epoch();
        this.rejected = rejected;
    }

    Epoch epoch() {
        return epoch;
    }

    /** Whether nobody counts this query into Redis, and this checkpoint has counted nothing that could be lost. */
    boolean isFree() {
        return living() == null && checkpoint.isFresh();
    }

    /** From now on the epoch is ours: one that goes back means that Redis did. */
    void taken() {
        isTaken = true;
    }

    /** Makes our epoch that of the query, which has none. */
    void announce() {
        call(() -> redis.set(RedisKeys.epoch(query), epoch.toString(), new SetParams().nx()));
        check();
    }

    /** Begins the generation after all that are known of this checkpoint; {@link #announceNext} ends it. */
    void next() {
        long known = Math.max(generation(living()), fences.generation(epoch));
        epoch = checkpoint.nextEpoch(known);
    }

    void announceNext() {
        call(() -> redis.set(RedisKeys.epoch(query), epoch.toString()));
    }

    private long generation(String living) {
        if (living == null) {
            return 0;
        }
        Epoch found = Epoch.parse(living);
        if (!found.token().equals(epoch.token())) {
            throw foreign(living);
        }
        return found.generation();
    }

    /** @param batch behind which the fences stand then */
    void takeFences(long batch) {
        for (int shard = 0; shard < RedisKeys.SHARDS; shard++) {
            List<String> fence = List.of(RedisKeys.fence(shard, query));
            List<String> arguments = List.of(epoch.token(), Long.toString(epoch.generation()), Long.toString(batch));
            try {
                call(() -> claim.run(redis, fence, arguments));
            } catch (JedisDataException e) {
                throw explained(e);
            }
        }
    }

    /** @throws Lost or GranaryException when the query's epoch is not ours */
    void check() {
        String living = living();
        if (living == null) {
            throw lost(RedisKeys.epoch(query) + " is gone", false);
        }
        if (!living.equals(epoch.toString())) {
            throw foreignOrLost(living);
        }
    }

    /** @throws Lost or GranaryException unless all fences are ours, whole at {@code atLeast} and not beyond {@code atMost} */
    void verify(long atLeast, long atMost) {
        for (Fence fence : call(fences::read)) {
            if (fence.epoch() == null) {
                throw lost("a fence is missing", false);
            }
            if (!epoch.toString().equals(fence.epoch())) {
                throw foreignOrLost(fence.epoch());
            }
            if (fence.whole() < atLeast) {
                throw lost("a shard is back at batch " + fence.whole() + " instead of " + atLeast, true);
            }
            if (fence.batch() > atMost) {
                throw lost("it has batch " + fence.batch() + ", the checkpoint has " + atMost, false);
            }
        }
    }

    /** What a script's refusal means. */
    RuntimeException explained(JedisDataException e) {
        String message = String.valueOf(e.getMessage());
        int fence = message.indexOf("FENCE ");
        if (fence < 0) {
            return new GranaryException(
                    ErrorCode.EXTERNAL,
                    "Redis at " + nodes + " refused the counters of " + query + ": " + message
                            + ". It is tried again by itself and goes on from here; if Redis keeps refusing, mend what"
                            + " it names.",
                    e);
        }
        String found = message.substring(fence + "FENCE ".length()).split(" script:", 2)[0];
        if (found.startsWith("epoch none")) {
            rejected.accept(FenceAnswer.MISSING);
            return lost("a fence is missing", false);
        }
        rejected.accept(found.startsWith("epoch ") ? FenceAnswer.FOREIGN : FenceAnswer.GAP);
        return found.startsWith("epoch ")
                ? foreignOrLost(found.substring("epoch ".length()))
                : lost(found, found.startsWith("gap"));
    }

    /** @param isMendable whether the fences may show that only the newest batches are missing */
    Lost lost(String found, boolean isMendable) {
        OptionalLong intact = isMendable ? fences.intact(call(fences::read), epoch) : OptionalLong.empty();
        return new Lost(
                "Redis no longer holds the counters that " + query + " has counted (" + found + "): it was flushed,"
                        + " replaced or put back to an older state.",
                intact.orElse(Lost.NOTHING));
    }

    /** Of our own token an earlier generation is a Redis that went back; a later one is another process of this checkpoint. */
    private RuntimeException foreignOrLost(String living) {
        Epoch found = Epoch.parse(living);
        if (!found.token().equals(epoch.token())) {
            return foreign(living);
        }
        if (found.generation() < epoch.generation() || !isTaken) {
            return lost("its epoch is " + living + ", ours is " + epoch, false);
        }
        return new GranaryException(
                ErrorCode.DATA,
                "another process has rebuilt the counters of " + query + " from this checkpoint (epoch " + living
                        + ", ours is " + epoch + ") and goes on counting. Let one of the two run.");
    }

    private GranaryException foreign(String living) {
        return new GranaryException(
                ErrorCode.DATA,
                "Redis holds counters of " + query + " from another checkpoint (epoch " + living + ", ours is " + epoch
                        + "): going on would count the same lines twice. Put that checkpoint back, or remove"
                        + " from Redis " + Epoch.keys(query) + ", and start streaming.");
    }

    private String living() {
        return call(() -> redis.get(RedisKeys.epoch(query)));
    }

    private <T> T call(Supplier<T> call) {
        return retry.call(call, nodes::forgetConnections);
    }
}
