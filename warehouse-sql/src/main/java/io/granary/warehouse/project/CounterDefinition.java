package io.granary.warehouse.project;

import com.fasterxml.jackson.databind.JsonNode;
import io.granary.warehouse.manifest.MeasureNode;
import java.util.List;
import java.util.Optional;

/** A real-time number over a streamable model; {@code from} is the model's bare name. */
public record CounterDefinition(
        Origin origin,
        String subject,
        String name,
        String description,
        String from,
        String time,
        Optional<String> where,
        List<String> by,
        List<String> windows,
        List<MeasureNode> measures,
        int ttlDays) {

    public CounterDefinition {
        by = List.copyOf(by);
        windows = List.copyOf(windows);
        measures = List.copyOf(measures);
    }

    static CounterDefinition of(String subject, String name, YamlFile yaml) {
        return new CounterDefinition(
                yaml.origin(),
                subject,
                name,
                yaml.text("description"),
                yaml.text("from"),
                yaml.text("time"),
                Optional.ofNullable(yaml.text("where", null)),
                yaml.texts("by"),
                yaml.texts("windows"),
                yaml.items("measures", CounterDefinition::measure),
                yaml.content().path("ttl_days").asInt());
    }

    private static MeasureNode measure(JsonNode item) {
        return new MeasureNode(
                item.path("name").asText(),
                item.path("type").asText(),
                item.has("column") ? item.path("column").asText() : null,
                item.has("exact") ? item.path("exact").asBoolean() : null);
    }
}
