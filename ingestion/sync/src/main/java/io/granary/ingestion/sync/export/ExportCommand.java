package io.granary.ingestion.sync.export;

import io.granary.ingestion.sync.ChosenDay;
import io.granary.ingestion.sync.JobRun;
import io.granary.ingestion.sync.Stores;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ExportNode;
import io.granary.warehouse.manifest.Manifest;
import java.nio.file.Path;
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

/** {@code granary export}: finished tables into the sharing layer. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Puts one day of finished tables into the sharing layer: into the database in",
            "place of the day that is there, or into Redis. Readers see all of the old or",
            "all of the new. A version that is there already is not written again.",
            "",
            "  granary export traffic.site_overview --ds 2026-11-01",
            "  granary export --select subject:traffic --ds 2026-11-01",
            "  granary export traffic.site_overview --ds 2026-11-01 --to overview.csv",
            "",
            "The DataX job of each is written to <home>/target/jobs/; its password is a",
            "reference.",
            ""
        })
public final class ExportCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SUBJECT.EXPORT", arity = "0..*", description = "Exports")
    private List<String> names;

    @Mixin
    private ChosenDay day;

    @Option(names = "--force", description = "Write what is there already again, and over what is newer")
    private boolean force;

    @Option(names = "--to", paramLabel = "FILE.csv", description = "Write one export's day into a CSV file instead")
    private Path file;

    @Option(
            names = "--keep-formulas",
            description = "With --to: no apostrophe before texts that a spreadsheet could take for a formula")
    private boolean keepFormulas;

    private final Function<Profile, Stores> stores;

    public ExportCommand() {
        this(Stores::of);
    }

    public ExportCommand(Function<Profile, Stores> stores) {
        this.stores = stores;
    }

    public static void main(String[] args) {
        Commands.main(new ExportCommand(), args);
    }

    @Override
    public Integer call() {
        Manifest manifest = Manifest.read(common.home().manifest());
        List<ExportNode> exports = day.chosen(names).of(manifest, "export", manifest.exports(), ExportNode::id);
        if (file != null && exports.size() != 1) {
            throw new GranaryException(
                    ErrorCode.USAGE, "--to takes one export, here are " + exports.size() + ": name one of them");
        }
        Profile profile = common.profile();
        Path jobs = common.home().target().resolve("jobs");
        Stores open = stores.apply(profile);
        return open.tables(store -> {
            Export export = new Export(profile, open.hadoop(), store, jobs, Clock.systemUTC());
            List<JobRun.Task> tasks = exports.stream()
                    .map(e -> new JobRun.Task(
                            e.id(),
                            "export " + e.subject() + "." + e.name() + " ds=" + day.ds(),
                            () -> file == null
                                    ? export.run(e, day.ds().toString(), force)
                                    : export.toFile(e, day.ds().toString(), file, keepFormulas)))
                    .toList();
            return new JobRun(spec.commandLine().getErr(), Clock.systemUTC())
                    .run(tasks, day.args("export", names), common.home().runResults());
        });
    }
}
