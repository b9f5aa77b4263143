package io.granary.streaming.store;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.redis.RedisKeys;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Changes counters beside the job that counts: behind fences of its own, so that no change is made twice, and none by a
 * correction that another one has followed. Changes are differences; what the job adds meanwhile stays.
 */
public final class Correction {
    private static final String TOKEN = "correction";
    private static final Duration FENCE_TTL = Duration.ofDays(1);
    private static final String CORRECTING = "correcting";

    private final String query;
    private final String name;
    private final RedisNodes nodes;
    private final RedisRetry retry;
    private final Epoch epoch;

    private Correction(String query, RedisNodes nodes, RedisRetry retry, Epoch epoch) {
        this.query = query;
        this.name = query + ".correction";
        this.nodes = nodes;
        this.retry = retry;
        this.epoch = epoch;
    }

    /**
     * From now on no correction of the query that began earlier changes anything. What is to be changed is to be read
     * after this.
     */
    public static Correction begin(String query, RedisNodes nodes, RedisRetry retry, Clock clock) {
        Correction begun = new Correction(query, nodes, retry, new Epoch(TOKEN, clock.millis()));
        RedisScript claim = RedisScript.resource("claim.lua");
        for (int shard = 0; shard < RedisKeys.SHARDS; shard++) {
            List<String> fence = List.of(RedisKeys.fence(shard, begun.name));
            List<String> arguments = List.of(TOKEN, Long.toString(begun.epoch.generation()), "-1");
            begun.call(() -> {
                claim.run(nodes.commands(), fence, arguments);
                return nodes.commands().expire(fence.get(0), FENCE_TTL.toSeconds());
            });
        }
        return begun;
    }

    /** Whether a state of {@code as_of} is a correction's: of one that runs, or that died. */
    public static boolean isCorrecting(Map<String, String> asOf) {
        return asOf.containsKey(CORRECTING) && asOf.get(CORRECTING).equals(asOf.get("since"));
    }

    /**
     * Tells readers that numbers may go down, until {@link #settle}.
     *
     * @throws GranaryException BUSY when a rebuild has told them so
     */
    public void announce() {
        RedisScript announce = RedisScript.resource("announce.lua");
        call(() -> {
            Object isTold = announce.run(nodes.commands(), List.of(RedisKeys.asOf(query)), List.of(at()));
            if (Long.valueOf(0).equals(isTold)) {
                throw new GranaryException(
                        ErrorCode.BUSY,
                        "the counters of " + query + " are being computed anew; nothing was changed. Run it again when"
                                + " `granary counters` says counting.");
            }
            return isTold;
        });
    }

    /** Tells them that it is over, unless a rebuild or another correction has begun. */
    public void settle(Clock clock) {
        RedisScript settle = RedisScript.resource("settle.lua");
        List<String> arguments = List.of(at(), Long.toString(clock.millis()));
        call(() -> settle.run(nodes.commands(), List.of(RedisKeys.asOf(query)), arguments));
    }

    private String at() {
        return Long.toString(epoch.generation());
    }

    /** Makes the changes; once for each correction that was begun. */
    public void apply(List<Delta> deltas) {
        BatchWork work = new BatchWork(name, epoch, 0, Slices.of(deltas, Slices.SIZE), reply -> {
            if (reply instanceof List<?> refused) {
                throw new GranaryException(
                        ErrorCode.DATA,
                        "Redis at " + nodes + " would not make changes of the correction of " + name + ": " + refused
                                + ". The others were made; look at these keys and run it again.");
            }
        });
        SliceSender sender = new SliceSender(nodes, RedisScript.resource("apply.lua"), CounterStore.IN_FLIGHT);
        call(() -> {
            boolean isLeft = true;
            while (isLeft) {
                isLeft = sender.send(work);
            }
            return null;
        });
    }

    private void call(java.util.function.Supplier<Object> call) {
        try {
            retry.call(call, nodes::forgetConnections);
        } catch (JedisDataException e) {
            boolean isOvertaken = String.valueOf(e.getMessage()).contains("FENCE ");
            throw new GranaryException(
                    isOvertaken ? ErrorCode.BUSY : ErrorCode.EXTERNAL,
                    isOvertaken
                            ? "another correction of " + name + " has begun; this one stops. Run it again when that one"
                                    + " has ended: what was done already is not done twice."
                            : "Redis at " + nodes + " refused the correction of " + name + ": " + e.getMessage()
                                    + ". Run it again: what was done already is not done twice.",
                    e);
        }
    }
}
