package io.granary.warehouse.manifest;

import java.util.List;

/**
 * Numbers that people may ask for by dimensions.
 *
 * @param id {@code metric.<subject>.<name>}
 * @param from the model's table
 * @param time column that holds the time, {@code ds} mostly
 */
public record MetricNode(
        String id,
        String subject,
        String name,
        String description,
        String from,
        String time,
        List<String> dimensions,
        List<MetricMeasure> measures) {

    public MetricNode {
        dimensions = List.copyOf(dimensions);
        measures = List.copyOf(measures);
    }

    /** {@code <subject>.<name>}. */
    public String qualifiedName() {
        return subject + "." + name;
    }
}
