package io.granary.ingestion.sync;

import io.granary.ingestion.sync.spark.SparkApplication;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.SourceNode;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code granary sync}: database tables into ODS. */
@Command(
        name = "sync",
        mixinStandardHelpOptions = true,
        description = {
            "Lands database tables as partitions of their ODS tables.",
            "",
            "  granary sync trade.order --ds 2026-11-01",
            "  granary sync --select subject:trade --ds 2026-11-01",
            "  granary sync trade.order --ds 2026-11-01 --plan",
            "  granary sync trade.order --ds 2026-11-01 --engine spark",
            "",
            "The DataX job of each is written to <home>/target/jobs/; its password is a",
            "reference. A sync that died is resumed by the next one of the same source and",
            "day. Rows that errors allows to leave out are kept in <home>/dirty/.",
            ""
        })
public final class SyncCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SUBJECT.SOURCE", arity = "0..*", description = "Sources of type jdbc")
    private List<String> names;

    @Mixin
    private ChosenDay day;

    @Option(
            names = {"--plan", "--dry-run"},
            description = "Print the DataX jobs that would run, run nothing")
    private boolean plan;

    @Option(
            names = "--accept-drift",
            description = "Go on when columns are gone (they become NULL) or narrower than when last synced")
    private boolean acceptDrift;

    @Mixin
    private ChosenEngine engine;

    private final Function<Profile, Stores> stores;
    private final SparkApplication application;
    private final String usually;

    public SyncCommand() {
        this(Stores::of);
    }

    SyncCommand(Function<Profile, Stores> stores) {
        this(stores, SparkApplication.OWN, null);
    }

    /**
     * Works on those stores.
     *
     * @param application that the spark engine runs in
     * @param usually the engine unless one is chosen; null: what each source says
     */
    SyncCommand(Function<Profile, Stores> stores, SparkApplication application, String usually) {
        this.stores = stores;
        this.application = application;
        this.usually = usually;
    }

    public static void main(String[] args) {
        Commands.main(new SyncCommand(), args);
    }

    @Override
    public Integer call() {
        Manifest manifest = Manifest.read(common.home().manifest());
        List<SourceNode> databases =
                manifest.sources().stream().filter(s -> s.type().equals("jdbc")).toList();
        List<SourceNode> sources = day.chosen(names).of(manifest, "jdbc source", databases, SourceNode::id);
        Profile profile = common.profile();
        Stores open = stores.apply(profile);
        return open.tables(store -> {
            Sync sync = new Sync(
                    new Engines(
                            profile,
                            common.profileFile(),
                            open.hadoop(),
                            application,
                            System.getenv(),
                            engine.orElse(usually)),
                    open.hadoop(),
                    store,
                    common.home(),
                    Clock.systemUTC(),
                    acceptDrift);
            if (plan) {
                sources.forEach(s -> print(sync.plan(s, day.ds().toString())));
                return 0;
            }
            List<JobRun.Task> tasks = sources.stream()
                    .map(s -> new JobRun.Task(
                            s.id(),
                            "sync " + s.qualifiedName() + " ds=" + day.ds(),
                            () -> sync.run(s, day.ds().toString())))
                    .toList();
            return new JobRun(spec.commandLine().getErr(), Clock.systemUTC())
                    .run(tasks, day.args("sync", names), common.home().runResults());
        });
    }

    private void print(String job) {
        spec.commandLine().getOut().println(job);
        spec.commandLine().getOut().flush();
    }
}
