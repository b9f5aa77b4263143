package io.granary.batch.run;

import io.granary.tablestore.Sessions;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.run.RunResults;
import io.granary.warehouse.run.RunResults.Result;
import io.granary.warehouse.run.RunResults.Status;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** How a plan is followed; shared by the commands that make tables. */
final class BuildOptions {
    private static final Duration CANCEL_GRACE = Duration.ofSeconds(15);

    @Option(names = "--threads", paramLabel = "N", defaultValue = "2", description = "Models at a time (default: 2)")
    private int threads;

    @Option(names = "--fail-fast", description = "Stop everything at the first failure")
    private boolean failFast;

    private Sessions sessions = Sessions.HIVE_JDBC;
    private Clock clock = Clock.systemUTC();

    /** Where the statements run; over Hive JDBC unless told otherwise. */
    void on(Sessions others) {
        sessions = others;
    }

    /** The clock that runs are named by. */
    void at(Clock other) {
        clock = other;
    }

    /** Refuses what cannot work, before anything is asked. */
    void check() {
        if (threads < 1) {
            throw new GranaryException(ErrorCode.USAGE, "--threads is " + threads + "; it must be 1 or more");
        }
    }

    /**
     * Follows a plan and writes the run results.
     *
     * @return the exit code
     */
    int follow(
            List<Step> steps,
            Manifest manifest,
            ModelChecks checks,
            Home home,
            Profile profile,
            Map<String, String> args) {
        check();
        Progress progress = new Progress(System.err, steps.size());
        long started = System.nanoTime();
        Build.Settings settings =
                new Build.Settings(threads, failFast, "true".equals(args.get(DayOptions.FULL_REFRESH)));
        try (Build build = new Build(manifest, settings, () -> Lane.open(profile, sessions), checks, progress, clock)) {
            Thread onSignal = new Thread(() -> build.cancel(CANCEL_GRACE), "cancel");
            Runtime.getRuntime().addShutdownHook(onSignal);
            List<Result> results = build.run(steps);
            List<Result> all = new ArrayList<>(results);
            all.addAll(checks.results());
            RunResults runResults =
                    RunResults.of(clock.instant(), args, Duration.ofNanos(System.nanoTime() - started), all);
            runResults.write(home.runResults());
            progress.summary(runResults, home.runResults());
            build.ended();
            removeHook(onSignal);
            return runResults.count(Status.SUCCESS) == results.size() ? 0 : 1;
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is ending already: the hook has run
        }
    }
}
