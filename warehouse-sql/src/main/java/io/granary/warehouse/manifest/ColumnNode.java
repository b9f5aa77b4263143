package io.granary.warehouse.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A column of a table. {@code required} has a meaning for sources only: a line without it is quarantined.
 *
 * @param type a Spark SQL type, such as {@code bigint} or {@code decimal(12,2)}
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record ColumnNode(String name, String type, boolean required, String description) {}
