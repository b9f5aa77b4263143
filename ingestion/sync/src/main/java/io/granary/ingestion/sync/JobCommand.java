package io.granary.ingestion.sync;

import io.granary.ingestion.sync.engine.Engine;
import io.granary.ingestion.sync.engine.JobReport;
import io.granary.ingestion.sync.engine.PartLog;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.DataxJson;
import io.granary.ingestion.sync.job.JobVariables;
import io.granary.ingestion.sync.spark.SparkApplication;
import io.granary.tablestore.HadoopSettings;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code granary job}: a DataX job that a person wrote. */
@Command(
        name = "job",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a DataX job.",
            "",
            "  granary job check orders.json",
            "  granary job run orders.json -p \"-Dds=2026-11-01 -Dregion=eu\"",
            "  granary job run orders.json --engine spark",
            "",
            "Passwords in the file are references, such as $${connection:shop} to a",
            "connection of the profile. Exit codes are DataX's: 0 done, 1 failed, 143",
            "killed, 255 wrong usage or a fault of Granary itself.",
            ""
        },
        subcommands = {JobCommand.Check.class, JobCommand.Run.class})
public final class JobCommand implements Callable<Integer> {
    /** DataX's -1. */
    static final int USAGE = 255;

    @Spec
    private CommandSpec spec;

    private final SparkApplication application;
    private final Map<String, String> environment;
    private final String usually;

    public JobCommand() {
        this(SparkApplication.OWN, System.getenv(), "native");
    }

    /**
     * Runs in that environment.
     *
     * @param application that the spark engine runs in
     * @param environment that says where DataX is
     * @param usually the engine unless one is chosen
     */
    JobCommand(SparkApplication application, Map<String, String> environment, String usually) {
        this.application = application;
        this.environment = environment;
        this.usually = usually;
    }

    public static void main(String[] args) {
        System.exit(run(args));
    }

    static int run(String... args) {
        return run(new JobCommand(), args);
    }

    /** Runs, and returns DataX's exit code; 143, after a signal, is the JVM's own. */
    static int run(JobCommand command, String... args) {
        int code = Commands.run(command, args);
        return code == ErrorCode.USAGE.exitCode() ? USAGE : code;
    }

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(spec.commandLine(), "say what to do: run or check");
    }

    /** A job's file and its variables. */
    static final class JobFile {
        @Parameters(paramLabel = "FILE", description = "The job, as DataX's JSON")
        private Path file;

        @Option(
                names = {"-p", "--params"},
                paramLabel = "-Dname=value",
                description = "Values of the job's variables, as DataX takes them: \"-Da=1 -Db=2\"; may be repeated")
        private List<String> variables = List.of();

        DataxJob read() {
            try {
                return DataxJson.read(Files.readString(file), file.toString(), JobVariables.parse(variables));
            } catch (IOException e) {
                throw new GranaryException(ErrorCode.USAGE, "cannot read " + file + ": " + e, e);
            }
        }

        String name() {
            String name = file.getFileName().toString();
            return name.endsWith(".json") ? name.substring(0, name.length() - ".json".length()) : name;
        }
    }

    /** {@code granary job check}. */
    @Command(name = "check", description = "Reads a job and says what is wrong with it; nothing is opened.")
    static final class Check implements Callable<Integer> {
        @Mixin
        private CommonOptions common;

        @Mixin
        private JobFile job;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            DataxJob read = job.read();
            spec.commandLine()
                    .getErr()
                    .println(job.file + " is right: " + read.reader().plugin() + " to "
                            + read.writer().plugin() + ", " + read.channels() + " channel"
                            + (read.channels() == 1 ? "" : "s"));
            return 0;
        }
    }

    /** {@code granary job run}. */
    @Command(
            name = "run",
            description = {
                "Runs a job. Rows that are left out within errorLimit are kept in",
                "<home>/dirty/<job>.jsonl, with the reason; the file is written anew by each run.",
                "The spark engine counts them only."
            })
    static final class Run implements Callable<Integer> {
        @Mixin
        private CommonOptions common;

        @Mixin
        private JobFile job;

        @Mixin
        private ChosenEngine engine;

        @ParentCommand
        private JobCommand verb;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            DataxJob read = job.read();
            Profile profile = common.profile();
            Path dirty = common.home().dirtyRows(job.name());
            PrintWriter err = spec.commandLine().getErr();
            try (JobProgress progress = new JobProgress(err, Clock.systemUTC())) {
                Engines engines = new Engines(
                        profile,
                        common.profileFile(),
                        HadoopSettings.of(profile),
                        verb.application,
                        verb.environment,
                        engine.orElse(verb.usually));
                Engine chosen = engines.of(engines.name(null), dirty, progress);
                JobReport report = Interrupted.atShutdown(() -> chosen.run(read, PartLog.NONE));
                progress.summary(report, dirty);
            }
            return 0;
        }
    }
}
