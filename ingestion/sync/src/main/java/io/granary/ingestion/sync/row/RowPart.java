package io.granary.ingestion.sync.row;

/**
 * A part of a reader's rows that is read by itself: all of one file, a range of keys of one table, the rows whose key is
 * NULL.
 *
 * @param id short and safe in a file name, unique within the job, the same each time the same part is cut: {@code 00000}
 * @param what what people read: {@code orders_01, order_id from 500 to below 1000}
 * @param condition SQL condition that selects the part in its table, or null where a part is no range
 * @param from table or file the part is of
 */
public record RowPart(String id, String what, String condition, String from) {}
