package io.granary.warehouse.project;

import com.fasterxml.jackson.databind.JsonNode;
import io.granary.warehouse.command.DurationText;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.manifest.TopNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A real-time number over a streamable model; {@code from} is the model's bare name.
 *
 * @param ttl by window, those that are given
 */
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
        Map<String, Duration> ttl,
        Duration ahead,
        long maxKeys,
        List<TopNode> top) {

    public CounterDefinition {
        by = List.copyOf(by);
        windows = List.copyOf(windows);
        measures = List.copyOf(measures);
        ttl = Map.copyOf(ttl);
        top = List.copyOf(top);
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
                ttl(yaml),
                yaml.content().has("ahead") ? DurationText.parse("ahead", yaml.text("ahead")) : CounterNode.AHEAD,
                yaml.content().path("max_keys").asLong(CounterNode.MAX_KEYS),
                yaml.items("top", CounterDefinition::top));
    }

    /** As the manifest has it. */
    public CounterNode node(String table) {
        return new CounterNode(
                "counter." + subject + "." + name,
                subject,
                name,
                description,
                table,
                time,
                where.orElse(null),
                by,
                windows,
                measures,
                ttl,
                ahead,
                maxKeys,
                top);
    }

    private static Map<String, Duration> ttl(YamlFile yaml) {
        JsonNode given = yaml.content().path("ttl");
        Map<String, Duration> ttl = new LinkedHashMap<>();
        if (given.isTextual()) {
            Duration all = DurationText.parse("ttl", given.asText());
            yaml.texts("windows").forEach(window -> ttl.put(window, all));
        }
        given.fields()
                .forEachRemaining(f -> ttl.put(
                        f.getKey(), DurationText.parse("ttl", f.getValue().asText())));
        return ttl;
    }

    private static MeasureNode measure(JsonNode item) {
        return new MeasureNode(
                item.path("name").asText(),
                item.path("type").asText(),
                item.has("column") ? item.path("column").asText() : null,
                item.has("exact") ? item.path("exact").asBoolean() : null);
    }

    private static TopNode top(JsonNode item) {
        List<String> within = new ArrayList<>();
        item.path("within").forEach(column -> within.add(column.asText()));
        return new TopNode(
                item.path("measure").asText(), within, item.path("size").asInt(100));
    }
}
