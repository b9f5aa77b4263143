package io.granary.warehouse.log.format;

/**
 * A column that lines of a format have.
 *
 * @param type a Spark SQL type
 * @param required whether a line without a value is rejected
 * @param slot index of the slot that it is read from; -1 in JSON, where it is the key of that name
 * @param part of a request 0 method, 1 url, 2 protocol; of a W3C date the index of the slot with the time of day
 */
public record FormatColumn(String name, String type, boolean required, String description, int slot, int part) {}
