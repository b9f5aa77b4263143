package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.row.RowCast;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.ingestion.sync.row.RowSums.ColumnSum;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.math.BigDecimal;

/**
 * Compares what a source has with what a target got.
 *
 * @param cast on the way, or null where rows were dropped or changed, so that only rows can be compared
 */
record Sums(RowPart part, RowCast cast) {
    /** Whether two counts of the same rows are equal; a sum that one side does not say is not compared. */
    static boolean same(RowSums one, RowSums other) {
        if (one.rows() != other.rows()
                || one.columns().size() != other.columns().size()) {
            return false;
        }
        for (int i = 0; i < one.columns().size(); i++) {
            ColumnSum a = one.columns().get(i);
            ColumnSum b = other.columns().get(i);
            if (a.present() != b.present() || differ(a.sum(), b.sum())) {
                return false;
            }
        }
        return true;
    }

    /**
     * Proves that the part arrived.
     *
     * @param source what the source counts, or null where it cannot
     * @throws GranaryException naming the column and both numbers where they differ
     */
    void compare(PartCopy copy, RowSums written, RowSums source) {
        equal("rows", copy.expected(), "were read", written.rows());
        if (source == null) {
            return;
        }
        equal("rows", source.rows(), "are in the source", copy.rows());
        if (cast == null || source.columns().size() != written.columns().size()) {
            return;
        }
        for (int i = 0; i < source.columns().size(); i++) {
            ColumnSum from = source.columns().get(i);
            ColumnSum to = written.columns().get(i);
            String column = "column " + from.name() + ": values that are not NULL,";
            if (from.present() >= 0) {
                equal(column, from.present(), "are in the source", to.present());
            }
            if (cast.keepsSum(i) && differ(from.sum(), to.sum())) {
                throw failed("column " + from.name() + ": the source's sum is " + from.sum() + ", what was written has "
                        + to.sum());
            }
        }
    }

    private static boolean differ(BigDecimal one, BigDecimal other) {
        return one != null && other != null && one.compareTo(other) != 0;
    }

    private void equal(String what, long expected, String where, long found) {
        if (expected != found) {
            throw failed(what + " " + expected + " " + where + ", " + found + " arrived");
        }
    }

    private GranaryException failed(String difference) {
        return new GranaryException(
                ErrorCode.DATA,
                part.what() + ": " + difference
                        + ". The part is not taken. Does something change the source other than by transactions"
                        + " (a table without them, a view on another server)?");
    }
}
