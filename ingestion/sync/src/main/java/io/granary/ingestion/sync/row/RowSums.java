package io.granary.ingestion.sync.row;

import java.math.BigDecimal;
import java.util.List;

/**
 * What rows add up to, so that two sides can be compared without comparing rows.
 *
 * @param rows how many
 * @param columns in the reader's order
 */
public record RowSums(long rows, List<ColumnSum> columns) {
    public RowSums {
        columns = List.copyOf(columns);
    }

    /**
     * A column.
     *
     * @param present values that are not NULL; -1 where a side cannot say
     * @param sum of integers and decimals: their exact sum; of text and binary: their length in UTF-8 bytes; null for other
     *     types, for an empty column, and where a side cannot say it exactly
     */
    public record ColumnSum(String name, long present, BigDecimal sum) {
        /** Sums of the same value are equal, whatever zeros a side writes behind its last digit. */
        public ColumnSum {
            sum = sum == null ? null : sum.stripTrailingZeros();
            sum = sum == null || sum.scale() >= 0 ? sum : sum.setScale(0);
        }
    }
}
