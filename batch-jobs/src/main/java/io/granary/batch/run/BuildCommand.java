package io.granary.batch.run;

import io.granary.batch.compile.ManifestFile;
import io.granary.tablestore.Sessions;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.Manifest.ModelNode;
import io.granary.warehouse.run.RunResults;
import io.granary.warehouse.run.RunResults.Status;
import io.granary.warehouse.select.Selector;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Builds models of one day. */
@Command(
        name = "granary build",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = {
            "Examples:",
            "  granary build --ds 2026-11-01",
            "  granary build --ds 2026-11-01 --select subject:traffic,layer:dwd",
            "  granary build --ds 2026-11-01 --select 'dwd_traffic_hit_di+'",
            ""
        },
        description = "Builds the models of one day in the order in which they read each other, and publishes each"
                + " result whole or not at all.")
public final class BuildCommand implements Callable<Integer> {
    private static final Duration CANCEL_GRACE = Duration.ofSeconds(15);

    @Mixin
    private CommonOptions common;

    @Option(
            names = "--select",
            paramLabel = "SELECTOR",
            defaultValue = "",
            description = "name, subject:x, layer:x; +name or name+ with what it reads or who reads it; comma ="
                    + " intersection, space = union (default: all models)")
    private String select;

    @Option(names = "--ds", paramLabel = "D", required = true, description = "Day to build, yyyy-MM-dd")
    private LocalDate ds;

    @Option(names = "--threads", paramLabel = "N", defaultValue = "2", description = "Models at a time (default: 2)")
    private int threads;

    private final Sessions sessions;

    public BuildCommand() {
        this(Sessions.HIVE_JDBC);
    }

    /** @param sessions where the models' statements run */
    public BuildCommand(Sessions sessions) {
        this.sessions = sessions;
    }

    public static void main(String[] args) {
        Commands.main(new BuildCommand(), args);
    }

    @Override
    public Integer call() {
        if (threads < 1) {
            throw new GranaryException(ErrorCode.USAGE, "--threads is " + threads + "; it must be 1 or more");
        }
        Selector selector = Selector.parse(select);
        Home home = common.home();
        Manifest manifest = ManifestFile.of(common);
        List<ModelNode> models = selector.models(manifest);
        if (models.isEmpty()) {
            System.err.println("nothing to build: no model is chosen by '" + select + "'");
        }
        return run(manifest, models, home, common.profile());
    }

    private int run(Manifest manifest, List<ModelNode> models, Home home, Profile profile) {
        Clock clock = Clock.systemUTC();
        Progress progress = new Progress(System.err, models.size());
        long started = System.nanoTime();
        List<RunResults.Result> results;
        try (Build build = new Build(ds, threads, () -> Lane.open(profile, sessions), progress, clock)) {
            Thread onSignal = new Thread(() -> build.cancel(CANCEL_GRACE), "cancel");
            Runtime.getRuntime().addShutdownHook(onSignal);
            results = build.run(manifest, models);
            removeHook(onSignal);
        }
        RunResults runResults =
                RunResults.of(clock.instant(), args(), Duration.ofNanos(System.nanoTime() - started), results);
        runResults.write(home.runResults());
        progress.summary(runResults, home.runResults());
        return runResults.count(Status.SUCCESS) == results.size() ? 0 : 1;
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is ending already: the hook has run
        }
    }

    private Map<String, String> args() {
        Map<String, String> args = new LinkedHashMap<>();
        args.put("which", "build");
        args.put("ds", ds.toString());
        args.put("select", select);
        return args;
    }
}
