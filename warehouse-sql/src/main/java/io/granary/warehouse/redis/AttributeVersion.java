package io.granary.warehouse.redis;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The attributes of all users (or of other things) as they were written at one time.
 *
 * @param number of the version within its prefix, rising
 * @param label what was written; of an export its id, the day, and the run that built the day, with blanks between them
 * @param rows how many were written
 * @param at when readers were switched to it
 */
public record AttributeVersion(long number, String label, long rows, Instant at) {

    /** As the hash {@link RedisKeys#attributesCurrent} holds it. */
    public Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("version", Long.toString(number));
        fields.put("label", label);
        fields.put("rows", Long.toString(rows));
        fields.put("at", Long.toString(at.toEpochMilli()));
        return fields;
    }

    /** Reads that hash; nothing when it is empty, so no version was ever complete. */
    public static Optional<AttributeVersion> of(Map<String, String> fields) {
        if (fields.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new AttributeVersion(
                Long.parseLong(fields.get("version")),
                fields.get("label"),
                Long.parseLong(fields.get("rows")),
                Instant.ofEpochMilli(Long.parseLong(fields.get("at")))));
    }
}
