package io.granary.warehouse.manifest;

/**
 * A measure of a metric.
 *
 * @param type {@code sum, count, min, max, distinct} of {@code column} (count has none), or {@code ratio}: the sum of
 *     {@code numerator} over the sum of {@code denominator}, names of other measures of the metric
 */
public record MetricMeasure(
        String name, String type, String column, String numerator, String denominator, String description) {}
