package io.granary.ingestion.pull;

import io.granary.ingestion.file.FileLanding;
import io.granary.ingestion.sync.ChosenDay;
import io.granary.ingestion.sync.JobRun;
import io.granary.ingestion.sync.Stores;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.SourceNode;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code granary pull}: files of servers into ODS. */
@Command(
        name = "pull",
        mixinStandardHelpOptions = true,
        description = {
            "Lands files of FTP, SFTP and HTTP servers as partitions of their ODS tables.",
            "",
            "  granary pull trade.refund --ds 2026-11-01",
            "  granary pull --select subject:trade --ds 2026-11-01 --wait",
            "",
            "Again it lands a day only when its files have changed. Rows that are left out are kept in"
                    + " <home>/dirty/.",
            ""
        })
public final class PullCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration EVERY = Duration.ofSeconds(30);

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SUBJECT.SOURCE", arity = "0..*", description = "Sources of type ftp or http")
    private List<String> names;

    @Mixin
    private ChosenDay day;

    @Option(names = "--wait", description = "Wait for files that are missing until the source's deadline")
    private boolean wait;

    private final Duration timeout;
    private final Duration every;

    public PullCommand() {
        this(TIMEOUT, EVERY);
    }

    /**
     * @param timeout for a server that does not answer
     * @param every how often it is looked while waiting
     */
    PullCommand(Duration timeout, Duration every) {
        this.timeout = timeout;
        this.every = every;
    }

    public static void main(String[] args) {
        Commands.main(new PullCommand(), args);
    }

    @Override
    public Integer call() {
        Manifest manifest = Manifest.read(common.home().manifest());
        List<SourceNode> pulled =
                manifest.sources().stream().filter(SourceNode::isPulled).toList();
        List<SourceNode> sources = day.chosen(names).of(manifest, "source of files", pulled, SourceNode::id);
        Profile profile = common.profile();
        PrintWriter err = spec.commandLine().getErr();
        Stores stores = Stores.of(profile);
        return stores.tables(store -> {
            Pull pull = new Pull(
                    new Servers(profile, timeout),
                    new FileLanding(profile, stores.hadoop(), store, Clock.systemUTC()),
                    common.home(),
                    Clock.systemUTC(),
                    err);
            List<JobRun.Task> tasks = sources.stream()
                    .map(s -> new JobRun.Task(
                            s.id(),
                            "pull " + s.qualifiedName() + " ds=" + day.ds(),
                            () -> pull.run(s, day.ds(), wait ? every : null)))
                    .toList();
            return new JobRun(err, Clock.systemUTC())
                    .run(tasks, day.args("pull", names), common.home().runResults());
        });
    }
}
