package io.granary.streaming.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.warehouse.redis.AsOf;
import io.granary.warehouse.redis.Fence;
import io.granary.warehouse.redis.RedisKeys;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisException;

/** Reads as the API does, fences before and behind the numbers: none may go down unless that is announced. */
public final class SteadyReader {
    /** Between rounds, so that what is watched has the processor too. */
    private static final int PAUSE_MILLIS = 5;

    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong announced = new AtomicLong();
    private final int port;
    private final String query;
    private final IntFunction<List<String>> keys;
    private final Map<Integer, Fence> seen = new HashMap<>();
    private final Map<String, Long> highest = new HashMap<>();

    /** @param keys of a shard's numbers */
    public SteadyReader(int port, String query, IntFunction<List<String>> keys) {
        this.port = port;
        this.query = query;
        this.keys = keys;
    }

    /** How often a shard's numbers were read. */
    public long reads() {
        return reads.get();
    }

    /** How many of these reads said that numbers may be too low. */
    public long announced() {
        return announced.get();
    }

    public void read(AtomicBoolean isOver) {
        while (!isOver.get()) {
            try (Jedis jedis = new Jedis("127.0.0.1", port, 300)) {
                while (!isOver.get()) {
                    for (int shard = 0; shard < RedisKeys.SHARDS; shard++) {
                        look(jedis, shard);
                    }
                    RedisProcess.pause(PAUSE_MILLIS);
                }
            } catch (JedisException e) {
                RedisProcess.pause(10);
            }
        }
    }

    private void look(Jedis jedis, int shard) {
        String fenceKey = RedisKeys.fence(shard, query);
        String[] names = Fence.FIELDS.toArray(String[]::new);
        try (Pipeline pipeline = jedis.pipelined()) {
            Response<List<String>> asOf = pipeline.hmget(RedisKeys.asOf(query), "state", "generation");
            Response<List<String>> before = pipeline.hmget(fenceKey, names);
            Map<String, Response<Map<String, String>>> numbers = new HashMap<>();
            keys.apply(shard).forEach(key -> numbers.put(key, pipeline.hgetAll(key)));
            Response<List<String>> after = pipeline.hmget(fenceKey, names);
            pipeline.sync();
            Fence behind = Fence.of(after.get());
            Fence known = seen.getOrDefault(shard, Fence.of(Arrays.asList(null, null, null, null)));
            String generation = asOf.get().get(1);
            boolean isAnnounced = AsOf.REBUILDING.equals(asOf.get().get(0))
                    || Fence.of(before.get()).isBehind(known)
                    || (generation != null && behind.generation() > Long.parseLong(generation));
            seen.put(shard, behind.isBehind(known) ? known : behind);
            if (isAnnounced) {
                announced.incrementAndGet();
            } else {
                numbers.forEach((key, found) -> compare(key, found.get()));
            }
            reads.incrementAndGet();
        }
    }

    private void compare(String key, Map<String, String> numbers) {
        highest.forEach((field, number) -> {
            if (field.startsWith(key + " ")) {
                assertThat(numbers).as(key).containsKey(field.substring(key.length() + 1));
            }
        });
        numbers.forEach((field, number) -> {
            // what is spent may fall by itself
            if (!field.endsWith("#spend")) {
                long now = Long.parseLong(number);
                assertThat(now).as(field).isGreaterThanOrEqualTo(highest.getOrDefault(key + " " + field, 0L));
                highest.put(key + " " + field, now);
            }
        });
    }
}
