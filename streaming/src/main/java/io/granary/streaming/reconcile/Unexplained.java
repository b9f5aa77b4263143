package io.granary.streaming.reconcile;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Instant;
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
        return count + " numbers in Redis differ from the batch tables without an explanation"
                + (isCorrected ? ", also after they were corrected" : "") + ":\n  "
                + String.join("\n  ", shown)
                + "\nAll are in " + ReconcileTable.NAME + ". `granary reconcile --ds "
                + found.get(0).scope().ds() + " --correct` makes Redis say what the tables say.";
    }

    private static String text(Comparison comparison, Difference d) {
        String by = ReconcileTable.values(comparison, d.cell());
        return comparison.counter() + " " + ReconcileTable.measure(d.cell()) + ", window "
                + d.cell().window() + " of " + Instant.ofEpochSecond(d.cell().bucket())
                + (by.isEmpty() ? "" : ", " + by) + ": Redis " + d.redis() + ", batch " + d.batch()
                + ", unexplained " + d.unexplained();
    }
}
