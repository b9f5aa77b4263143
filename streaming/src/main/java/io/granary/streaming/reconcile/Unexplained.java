package io.granary.streaming.reconcile;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** The alert. */
final class Unexplained {
    private static final int SHOWN = 5;

    private Unexplained() {}

    /**
     * @param refused why counters were not compared
     * @throws GranaryException DATA that names the first differences without an explanation, when there are any, and the counters
     *     that could not be compared
     */
    static void refuse(List<Comparison> found, List<String> refused, boolean isCorrected) {
        List<String> shown = new ArrayList<>();
        long count = 0;
        for (Comparison comparison : found) {
            for (Difference difference : comparison.unexplained()) {
                if (++count <= SHOWN) {
                    shown.add(text(comparison, difference));
                }
            }
        }
        List<String> problems = new ArrayList<>();
        if (count > 0) {
            problems.add(text(found, count, shown, isCorrected));
        }
        if (!refused.isEmpty()) {
            problems.add("not compared:\n  " + String.join("\n  ", refused));
        }
        if (!problems.isEmpty()) {
            throw new GranaryException(ErrorCode.DATA, String.join("\n", problems));
        }
    }

    private static String text(List<Comparison> found, long count, List<String> shown, boolean isCorrected) {
        LocalDate ds = found.get(0).scope().ds();
        return count + " numbers in Redis differ from the batch tables without an explanation"
                + (isCorrected ? ", also after they were corrected" : "") + ":\n  "
                + String.join("\n  ", shown)
                + (isCorrected
                        ? "\nWhat they were before is in " + ReconcileTable.NAME
                                + ". Build the day again (`granary build --ds "
                                + ds
                                + " --full-refresh`), or look for another writer of these keys in Redis; then correct"
                                + " again."
                        : "\nAll are in " + ReconcileTable.NAME + ". Look for the cause first: lines that are missing"
                                + " (`granary account`), somebody else who writes these keys. `granary reconcile --ds "
                                + ds
                                + " --correct` then makes Redis say what the tables say.");
    }

    private static String text(Comparison comparison, Difference d) {
        String by = ReconcileTable.values(comparison, d.cell());
        return comparison.counter() + " " + ReconcileTable.measure(d.cell()) + ", window "
                + d.cell().window() + " of " + Instant.ofEpochSecond(d.cell().bucket())
                + (by.isEmpty() ? "" : ", " + by) + ": Redis " + d.redis() + ", batch " + d.batch()
                + ", unexplained " + d.unexplained();
    }
}
