package io.granary.streaming.verbs;

import io.granary.streaming.store.RedisNodes;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Duration;
import java.util.function.Function;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;

/** The Redis of a profile, for a verb that ends when it does not answer. */
final class RedisOfProfile {
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private RedisOfProfile() {}

    /** @throws GranaryException EXTERNAL when Redis does not answer */
    static <T> T read(Profile profile, Function<UnifiedJedis, T> reading) {
        try (RedisNodes nodes = RedisNodes.open(profile.redisAddress(), ANSWER)) {
            return reading.apply(nodes.commands());
        } catch (JedisException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "Redis at " + profile.redisAddress() + ", which holds the counters, does not answer ("
                            + e.getMessage() + "). See `granary status`, or the value of `redis` in the profile.",
                    e);
        }
    }
}
