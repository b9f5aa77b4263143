package io.granary.warehouse.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.util.List;

/**
 * How a table or its shards are read: what of them, by which column, in how many channels, on which engine. What is not
 * set is null.
 *
 * @param tables pattern of the shards' names, such as {@code orders_*}; null for one table
 * @param watermark date-time or date column that says when a row changed: a day has the rows of that day
 * @param overlap how far before its day the rows of a watermark are read again, such as {@code 10m}
 * @param key columns that name a row; without a watermark the one integer column above which rows are new
 * @param where SQL condition that every row must meet
 * @param channels how many parts are read side by side; null: 1
 * @param engine {@code native}, {@code spark} or {@code datax}; null: native
 * @param errors how many rows may be left out; null: none
 * @param zeroDates what becomes of {@code 0000-00-00}: {@code fail} (the default) or {@code null}
 */
public record TableRead(
        String tables,
        String watermark,
        String overlap,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> key,
        String where,
        Integer channels,
        String engine,
        Errors errors,
        String zeroDates) {

    /** All of one table, by the defaults. */
    public static final TableRead WHOLE = new TableRead(null, null, null, null, null, null, null, null, null);

    public TableRead {
        key = key == null ? List.of() : List.copyOf(key);
    }

    /**
     * Rows that may be left out.
     *
     * @param record most rows, or null
     * @param percentage largest share of all rows, from 0 to 1, or null
     */
    public record Errors(Long record, BigDecimal percentage) {}
}
