package io.granary.batch.run;

import io.granary.warehouse.run.RunResults;
import io.granary.warehouse.run.RunResults.Result;
import io.granary.warehouse.run.RunResults.Status;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;

/** What people see of a build: one line a model, then a summary. */
final class Progress {
    private static final int NAME_WIDTH = 28;

    private final PrintStream err;
    private final int total;
    private int ended;

    Progress(PrintStream err, int total) {
        this.err = err;
        this.total = total;
    }

    void ended(String name, String partition, Result result) {
        ended++;
        int width = String.valueOf(total).length();
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "[%" + width + "d/%d] %-" + NAME_WIDTH + "s %s  %s",
                ended,
                total,
                name,
                partition,
                word(result)));
        if (result.status() != Status.SKIPPED) {
            line.append(String.format(Locale.ROOT, "  %.1f s", result.executionTime()));
        }
        if (result.status() == Status.SUCCESS) {
            line.append("  ").append(rows(result.rowsAffected()));
        } else {
            line.append("\n    ").append(result.message().replace("\n", "\n    "));
        }
        for (String warning : result.warnings()) {
            line.append("\n    warning: ").append(warning.replace("\n", "\n    "));
        }
        err.println(line);
    }

    private static String word(Result result) {
        return switch (result.status()) {
            case SUCCESS -> "OK";
            case ERROR -> "ERROR";
            case SKIPPED -> "SKIPPED";
            case PASS -> "PASS";
            case FAIL -> "FAIL";
            case WARN -> "WARN";
        };
    }

    /** {@code 812 rows}, {@code 12.3 K rows}, {@code 1.2 M rows}. */
    static String rows(long rows) {
        if (rows == 1) {
            return "1 row";
        }
        if (rows < 10_000) {
            return rows + " rows";
        }
        if (rows < 1_000_000) {
            return String.format(Locale.ROOT, "%.1f K rows", Math.floor(rows / 100.0) / 10);
        }
        return String.format(Locale.ROOT, "%.1f M rows", Math.floor(rows / 100_000.0) / 10);
    }

    void summary(RunResults results, Path file) {
        err.printf(
                Locale.ROOT,
                "%d ok, %d error, %d skipped in %.1f s. Results: %s%n",
                results.count(Status.SUCCESS),
                results.count(Status.ERROR),
                results.count(Status.SKIPPED),
                results.elapsedTime(),
                file);
    }
}
