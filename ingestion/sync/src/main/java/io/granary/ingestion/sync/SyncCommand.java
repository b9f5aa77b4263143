package io.granary.ingestion.sync;

import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.SourceNode;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
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

    @Option(names = "--select", paramLabel = "SELECTOR", description = "Choose sources, such as subject:trade")
    private String select;

    @Option(names = "--ds", paramLabel = "yyyy-MM-dd", required = true, description = "Day the rows are read for")
    private LocalDate ds;

    @Option(
            names = {"--plan", "--dry-run"},
            description = "Print the DataX jobs that would run, run nothing")
    private boolean plan;

    @Option(
            names = "--accept-drift",
            description = "Go on when columns are gone (they become NULL) or narrower than when last synced")
    private boolean acceptDrift;

    private final Function<Profile, Stores> stores;

    public SyncCommand() {
        this(Stores::of);
    }

    SyncCommand(Function<Profile, Stores> stores) {
        this.stores = stores;
    }

    public static void main(String[] args) {
        Commands.main(new SyncCommand(), args);
    }

    @Override
    public Integer call() {
        Manifest manifest = Manifest.read(common.home().manifest());
        List<SourceNode> databases =
                manifest.sources().stream().filter(s -> s.type().equals("jdbc")).toList();
        List<SourceNode> sources = new Chosen(names, select).of(manifest, "jdbc source", databases, SourceNode::id);
        Profile profile = common.profile();
        Stores open = stores.apply(profile);
        return open.tables(store -> {
            Sync sync = new Sync(
                    profile,
                    new Engines(profile, common.profileFile(), open.hadoop()),
                    open.hadoop(),
                    store,
                    common.home(),
                    Clock.systemUTC(),
                    acceptDrift);
            if (plan) {
                sources.forEach(s -> print(sync.plan(s, ds.toString())));
                return 0;
            }
            List<JobRun.Task> tasks = sources.stream()
                    .map(s -> new JobRun.Task(
                            s.id(), "sync " + s.qualifiedName() + " ds=" + ds, () -> sync.run(s, ds.toString())))
                    .toList();
            return new JobRun(spec.commandLine().getErr(), Clock.systemUTC())
                    .run(tasks, args(), common.home().runResults());
        });
    }

    private void print(String job) {
        spec.commandLine().getOut().println(job);
        spec.commandLine().getOut().flush();
    }

    private Map<String, String> args() {
        return Map.of(
                "which", "sync", "ds", ds.toString(), "select", select == null ? String.join(" ", names) : select);
    }
}
