package io.granary.warehouse.manifest;

/** A measure of a counter: {@code count}, {@code sum} or {@code distinct} of a column. */
public record MeasureNode(String name, String type, String column, Boolean exact) {}
