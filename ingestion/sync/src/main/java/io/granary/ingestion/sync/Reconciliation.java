package io.granary.ingestion.sync;

import io.granary.ingestion.sync.engine.JobReport;
import io.granary.ingestion.sync.engine.PartReport;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of a job in numbers, once the parts are compared with what the source counted in the same view.
 *
 * @param columns by name: values that are not NULL and their sum, of the columns that all parts have sums of
 * @param reconciled the source counted every part
 */
record Reconciliation(long rows, long dirty, List<RowSums.ColumnSum> columns, boolean reconciled) {

    /**
     * Compares.
     *
     * @throws GranaryException naming the part and both numbers when they differ
     */
    static Reconciliation of(JobReport report) {
        Map<String, RowSums.ColumnSum> sums = new LinkedHashMap<>();
        boolean reconciled = true;
        for (PartReport part : report.parts()) {
            if (part.source() == null) {
                reconciled = false;
            } else if (part.written().rows() + part.dirty() != part.source().rows()) {
                throw new GranaryException(
                        ErrorCode.DATA,
                        part.part().what() + ": the source has " + part.source().rows() + " rows, "
                                + part.written().rows() + " were written and " + part.dirty()
                                + " left out. Nothing was published.");
            }
            part.written().columns().forEach(sum -> sums.merge(sum.name(), sum, Reconciliation::add));
        }
        return new Reconciliation(report.rows(), report.dirty(), new ArrayList<>(sums.values()), reconciled);
    }

    private static RowSums.ColumnSum add(RowSums.ColumnSum a, RowSums.ColumnSum b) {
        BigDecimal sum =
                a.sum() == null ? b.sum() : b.sum() == null ? a.sum() : a.sum().add(b.sum());
        return new RowSums.ColumnSum(a.name(), a.present() + b.present(), sum);
    }
}
