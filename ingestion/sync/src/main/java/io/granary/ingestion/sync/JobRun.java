package io.granary.ingestion.sync;

import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.run.RunResults;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** Runs jobs one after the other, shows how each ends, and writes the run results. A failed job does not stop the others. */
public final class JobRun {
    private final PrintWriter progress;
    private final Clock clock;

    public JobRun(PrintWriter progress, Clock clock) {
        this.progress = progress;
        this.clock = clock;
    }

    /**
     * One job.
     *
     * @param id of its node
     * @param label what people see
     */
    public record Task(String id, String label, Supplier<Outcome> work) {}

    /**
     * What a job did.
     *
     * @param target the table it is in now
     * @param partition such as {@code ds=2026-11-01}
     * @param notes what people should know of it
     */
    public record Outcome(long rows, String target, String partition, String runId, List<String> notes) {
        public Outcome {
            notes = List.copyOf(notes);
        }

        public Outcome(long rows, String target, String partition, String runId) {
            this(rows, target, partition, runId, List.of());
        }
    }

    /** Runs them all and returns the exit code: 1 when one failed. */
    public int run(List<Task> tasks, Map<String, String> args, Path runResults) {
        long start = clock.millis();
        List<RunResults.Result> results = new ArrayList<>();
        for (Task task : tasks) {
            results.add(run(task, "[" + (results.size() + 1) + "/" + tasks.size() + "] "));
        }
        RunResults all = RunResults.of(clock.instant(), args, Duration.ofMillis(clock.millis() - start), results);
        all.write(runResults);
        long failed = all.count(RunResults.Status.ERROR);
        progress.printf(
                Locale.ROOT,
                "%d done, %d failed in %.1f s; %s%n",
                tasks.size() - failed,
                failed,
                all.elapsedTime(),
                runResults);
        progress.flush();
        return failed == 0 ? 0 : 1;
    }

    private RunResults.Result run(Task task, String number) {
        progress.print(number + task.label() + " ...");
        progress.flush();
        long start = clock.millis();
        try {
            Outcome done = task.work().get();
            Duration time = Duration.ofMillis(clock.millis() - start);
            progress.printf(
                    Locale.ROOT,
                    " OK  %.1f s  %,d rows -> %s %s%n",
                    time.toMillis() / 1000.0,
                    done.rows(),
                    done.target(),
                    done.partition());
            done.notes().forEach(note -> progress.println("  " + note));
            return RunResults.Result.success(task.id(), time, done.rows(), List.of(done.partition()), done.runId())
                    .withWarnings(done.notes());
        } catch (GranaryException e) {
            progress.println(" ERROR");
            progress.println("  " + e.getMessage());
            return RunResults.Result.error(task.id(), Duration.ofMillis(clock.millis() - start), e.getMessage());
        } finally {
            progress.flush();
        }
    }
}
