package io.granary.warehouse.project;

import com.fasterxml.jackson.databind.JsonNode;
import io.granary.warehouse.manifest.ExportNode;
import io.granary.warehouse.manifest.RedisTarget;
import java.util.List;

/**
 * A model that goes to the sharing layer; {@code from} is the model's bare name. Either it has connection, table, key and
 * mode, or {@code redis}; what it has not is null, its key empty.
 */
public record ExportDefinition(
        Origin origin,
        String subject,
        String name,
        String description,
        String from,
        String connection,
        String table,
        List<String> key,
        String mode,
        RedisTarget redis) {
    private static final String PREFIX = "user";

    public ExportDefinition {
        key = List.copyOf(key);
    }

    static ExportDefinition of(String subject, String name, YamlFile yaml) {
        JsonNode redis = yaml.content().path("redis");
        return new ExportDefinition(
                yaml.origin(),
                subject,
                name,
                yaml.text("description"),
                yaml.text("from"),
                yaml.text("connection", null),
                yaml.text("table", null),
                yaml.texts("key"),
                redis.isObject() ? null : yaml.text("mode", ExportNode.PARTITION),
                redis.isObject()
                        ? new RedisTarget(
                                redis.path("id").asText(), redis.path("prefix").asText(PREFIX))
                        : null);
    }

    /** Whether it fills a table of a database, which reports can read; else it fills attributes in Redis. */
    public boolean intoTable() {
        return redis == null;
    }

    /** What it fills, for people: no two exports fill the same. */
    String target() {
        return intoTable()
                ? "table '" + table + "' of connection '" + connection + "'"
                : "prefix '" + redis.prefix() + "' of Redis";
    }
}
