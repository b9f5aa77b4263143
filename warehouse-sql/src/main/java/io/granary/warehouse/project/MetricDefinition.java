package io.granary.warehouse.project;

import com.fasterxml.jackson.databind.JsonNode;
import io.granary.warehouse.manifest.MetricMeasure;
import java.util.List;

/**
 * Numbers that people may ask for by dimensions.
 *
 * @param from a model, without its database
 * @param time column that holds the time
 */
public record MetricDefinition(
        Origin origin,
        String subject,
        String name,
        String description,
        String from,
        String time,
        List<String> dimensions,
        List<MetricMeasure> measures) {

    public MetricDefinition {
        dimensions = List.copyOf(dimensions);
        measures = List.copyOf(measures);
    }

    static MetricDefinition of(String subject, String name, YamlFile yaml) {
        return new MetricDefinition(
                yaml.origin(),
                subject,
                name,
                yaml.text("description"),
                yaml.text("from"),
                yaml.text("time", "ds"),
                yaml.texts("dimensions"),
                yaml.items("measures", MetricDefinition::measure));
    }

    private static MetricMeasure measure(JsonNode item) {
        return new MetricMeasure(
                item.path("name").asText(),
                item.path("type").asText(),
                item.path("column").asText(null),
                item.path("numerator").asText(null),
                item.path("denominator").asText(null),
                item.path("description").asText());
    }
}
