package io.granary.warehouse.redis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the hash {@link RedisKeys#asOf} says of a query: up to where its counters have counted.
 *
 * @param batch newest batch that all shards have completed; -1 before the first
 * @param at when that was; nothing before the first
 * @param offsets next record to count, by Kafka partition; a partition that never had a record is missing
 * @param state {@code ok}, or {@code rebuilding} while the counters are computed anew
 * @param since when that state began; nothing when it is not known
 */
public record AsOf(
        long batch, Optional<Instant> at, Map<Integer, Long> offsets, String state, Optional<Instant> since) {
    public static final String OK = "ok";
    public static final String REBUILDING = "rebuilding";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<TreeMap<Integer, Long>> OFFSETS = new TypeReference<>() {};

    /** Reads the hash; an empty one is that of a query that has counted nothing yet. */
    public static AsOf of(Map<String, String> fields) {
        try {
            return new AsOf(
                    Long.parseLong(fields.getOrDefault("batch", "-1")),
                    instant(fields.get("at")),
                    JSON.readValue(fields.getOrDefault("offsets", "{}"), OFFSETS),
                    fields.getOrDefault("state", OK),
                    instant(fields.get("since")));
        } catch (JsonProcessingException | NumberFormatException e) {
            throw new GranaryException(
                    ErrorCode.DATA, "what Redis holds as as_of of a query is broken (" + fields + "): " + e, e);
        }
    }

    private static Optional<Instant> instant(String millis) {
        return Optional.ofNullable(millis).map(Long::parseLong).map(Instant::ofEpochMilli);
    }
}
