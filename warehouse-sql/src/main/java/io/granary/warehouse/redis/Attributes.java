package io.granary.warehouse.redis;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads attributes that an export wrote, all of one answer out of one version. An answer takes one round trip; the first
 * one, and the first after a switch, take two. Safe for use from several threads.
 */
public final class Attributes {
    /** A version is readable for minutes after the switch to the next: more tries would be a fault elsewhere. */
    private static final int TRIES = 5;

    private final HashReads redis;
    private final String prefix;
    private volatile long known;

    /** @param prefix what the attributes are of, such as {@code user} */
    public Attributes(HashReads redis, String prefix) {
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
        return AttributeVersion.of(
                redis.of(List.of(RedisKeys.attributesCurrent(prefix))).get(0));
    }

    /**
     * The attributes of these ids; nothing before the first export.
     *
     * @throws RuntimeException of the client, when Redis does not answer
     */
    public Optional<Answer> of(List<String> ids) {
        for (int i = 0; i < TRIES; i++) {
            long version = known;
            List<String> keys = new ArrayList<>(List.of(RedisKeys.attributesCurrent(prefix)));
            if (version > 0) {
                ids.forEach(id -> keys.add(RedisKeys.attributes(prefix, version, id)));
            }
            List<Map<String, String>> found = redis.of(keys);
            Optional<AttributeVersion> current = AttributeVersion.of(found.get(0));
            if (current.isEmpty()) {
                return Optional.empty();
            }
            if (current.get().number() == version) {
                Map<String, Map<String, String>> byId = new LinkedHashMap<>();
                for (int at = 0; at < ids.size(); at++) {
                    byId.put(ids.get(at), found.get(at + 1));
                }
                return Optional.of(new Answer(current.get(), byId));
            }
            known = current.get().number();
        }
        throw new GranaryException(
                ErrorCode.EXTERNAL, "attributes of " + prefix + " change faster than they can be read");
    }
}
