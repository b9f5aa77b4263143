package io.granary.warehouse.redis;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;

/**
 * Reads attributes that an export wrote, all of one answer out of one version. An answer takes one round trip; the first
 * one, and the first after a switch, take two. Safe for use from several threads.
 */
public final class Attributes {
    /** A version is readable for minutes after the switch to the next: more tries would be a fault elsewhere. */
    private static final int TRIES = 5;

    private final UnifiedJedis redis;
    private final String prefix;
    private volatile long known;

    /** @param prefix what the attributes are of, such as {@code user} */
    public Attributes(UnifiedJedis redis, String prefix) {
        this.redis = redis;
        this.prefix = prefix;
    }

    /**
     * Attributes by id, in the order of the ids; an attribute that is NULL is absent, and of an id without any attribute the
     * map is empty.
     */
    public record Answer(AttributeVersion version, Map<String, Map<String, String>> byId) {}

    /** The version that readers use now; nothing before the first export. */
    public Optional<AttributeVersion> current() {
        return AttributeVersion.of(redis.hgetAll(RedisKeys.attributesCurrent(prefix)));
    }

    /**
     * The attributes of these ids; nothing before the first export.
     *
     * @throws redis.clients.jedis.exceptions.JedisException when Redis does not answer
     */
    public Optional<Answer> of(List<String> ids) {
        for (int i = 0; i < TRIES; i++) {
            long version = known;
            Optional<AttributeVersion> current;
            Map<String, Response<Map<String, String>>> found = new LinkedHashMap<>();
            try (AbstractPipeline pipeline = redis.pipelined()) {
                Response<Map<String, String>> pointer = pipeline.hgetAll(RedisKeys.attributesCurrent(prefix));
                if (version > 0) {
                    ids.forEach(id -> found.put(id, pipeline.hgetAll(RedisKeys.attributes(prefix, version, id))));
                }
                pipeline.sync();
                current = AttributeVersion.of(pointer.get());
            }
            if (current.isEmpty()) {
                return Optional.empty();
            }
            if (current.get().number() == version) {
                Map<String, Map<String, String>> byId = new LinkedHashMap<>();
                found.forEach((id, attributes) -> byId.put(id, attributes.get()));
                return Optional.of(new Answer(current.get(), byId));
            }
            known = current.get().number();
        }
        throw new GranaryException(
                ErrorCode.EXTERNAL, "attributes of " + prefix + " change faster than they can be read");
    }
}
