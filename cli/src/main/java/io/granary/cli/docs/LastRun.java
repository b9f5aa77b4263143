package io.granary.cli.docs;

import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.run.RunResults;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * What the last command built, if anything was.
 *
 * @param results null when nothing was
 */
record LastRun(RunResults results) {

    /** Reads run-results.json; one that cannot be read is told of and left out. */
    static LastRun read(Path file, PrintWriter err) {
        if (!Files.isRegularFile(file)) {
            return new LastRun(null);
        }
        try {
            return new LastRun(RunResults.fromJson(Files.readString(file), file.toString()));
        } catch (IOException | GranaryException e) {
            err.println("without the last run: " + e.getMessage());
            return new LastRun(null);
        }
    }

    Optional<RunResults.Result> of(String id) {
        return Optional.ofNullable(results).stream()
                .flatMap(r -> r.results().stream())
                .filter(r -> r.uniqueId().equals(id))
                .findFirst();
    }

    static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.1f s", seconds);
    }

    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count).replace(',', '\u00a0');
    }
}
