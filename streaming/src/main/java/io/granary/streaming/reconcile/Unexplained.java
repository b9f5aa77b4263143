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

    /** @throws GranaryException DATA that names the first differences without an explanation, when there are any */
    static void refuse(List<Comparison> found, boolean isCorrected) {
        List<String> shown = new ArrayList<>();
        long count = 0;
        for (Comparison comparison : found) {
            for (Difference difference : comparison.unexplained()) {
                if (++count <= SHOWN) {
                    shown.add(text(comparison, difference));
                }
            }
        }
        if (count == 0) {
            return;
        }
        throw new GranaryException(
                ErrorCode.DATA,
                count + " numbers in Redis differ from the batch tables without an explanation"
                        + (isCorrected ? ", also after they were corrected" : "") + ":\n  "
                        + String.join("\n  ", shown)
                        + "\nAll are in " + ReconcileTable.NAME + ". Lines that were counted and are not sealed yet"
                        + " look like this too: seal and build the day again first. Else `granary reconcile --ds "
                        + found.get(0).day().ds() + " --correct` makes Redis say what the tables say.");
    }

    private static String text(Comparison comparison, Difference d) {
        String by = ReconcileTable.values(comparison, d.cell());
        return comparison.counter() + " " + ReconcileTable.measure(d.cell()) + ", window "
                + d.cell().window() + " of " + Instant.ofEpochSecond(d.cell().bucket())
                + (by.isEmpty() ? "" : ", " + by) + ": Redis " + d.redis() + ", batch " + d.batch()
                + ", unexplained " + d.unexplained();
    }
}
