package io.granary.ingestion.sync.row;

import java.math.BigDecimal;
import java.util.ArrayList;
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

    /** Both together; of a column that one side says nothing of, nothing is said. */
    public RowSums plus(RowSums other) {
        if (columns.size() != other.columns.size()) {
            return new RowSums(rows + other.rows, List.of());
        }
        List<ColumnSum> both = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            both.add(columns.get(i).plus(other.columns.get(i)));
        }
        return new RowSums(rows + other.rows, both);
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

        private ColumnSum plus(ColumnSum other) {
            long values = present < 0 || other.present < 0 ? -1 : present + other.present;
            return new ColumnSum(name, values, sumWith(other));
        }

        /** An empty column has no sum, and adds nothing. */
        private BigDecimal sumWith(ColumnSum other) {
            if (present == 0) {
                return other.sum;
            }
            if (other.present == 0) {
                return sum;
            }
            return sum == null || other.sum == null ? null : sum.add(other.sum);
        }
    }
}
