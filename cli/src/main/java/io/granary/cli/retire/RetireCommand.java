package io.granary.cli.retire;

import io.granary.cli.project.Catalog;
import io.granary.cli.retire.Retirement.Outcome;
import io.granary.cli.retire.Retirement.Wish;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.command.OutputOption;
import io.granary.warehouse.command.Rows;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.SubjectNode;
import io.granary.warehouse.select.Suggestion;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code granary retire}. */
@Command(
        name = "granary retire",
        mixinStandardHelpOptions = true,
        description = {
            "Takes a subject out, in stages: it is stopped and its tables go into quarantine, where nobody reads them and"
                    + " from where --undo brings everything back as it was; after some days its data is dropped.",
            "Each call goes on from where the subject stands; a call that was interrupted is repeated. At the end it shows,"
                    + " by hashes, that nothing of other subjects has changed.",
            "Exit code 1 when somebody outside still reads it (nothing is changed then), or something else has changed."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  granary retire ads --plan                 what would go, and who still reads it",
            "  granary retire ads --apply                stop it, put its tables into quarantine",
            "  granary retire ads --undo                 bring it back",
            "  granary retire ads --apply                again, 30 days later: drop its data"
        })
public final class RetireCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions options;

    @Parameters(paramLabel = "SUBJECT", description = "The subject that is no longer wanted")
    private String subject;

    @ArgGroup(multiplicity = "1")
    private Direction direction;

    /** Where to. */
    private static final class Direction {
        @Option(names = "--plan", required = true, description = "Only say what would go; changes nothing")
        private boolean plan;

        @Option(names = "--apply", required = true, description = "Take the next stage: quarantine, later the drop")
        private boolean apply;

        @Option(names = "--undo", required = true, description = "Bring it back, as long as it is not dropped")
        private boolean undo;
    }

    @Option(
            names = "--stop-only",
            description = "With --apply: only stop it; its tables stay where they are. Needs no cluster")
    private boolean stopOnly;

    @Option(
            names = "--keep-days",
            paramLabel = "N",
            description = "With --apply: days in quarantine before a drop (default: 30)")
    private Integer keepDays;

    @Option(names = "--now", description = "With --apply: drop its data in this call. There is no way back from it")
    private boolean now;

    @Mixin
    private OutputOption output;

    @Spec
    private CommandSpec spec;

    private final Clock clock;
    private final Platform platform;

    public RetireCommand() {
        this(Clock.systemUTC(), null);
    }

    /** {@code platform}: null is the launcher's. */
    RetireCommand(Clock clock, Platform platform) {
        this.clock = clock;
        this.platform = platform;
    }

    public static void main(String[] args) {
        Commands.main(new RetireCommand(), args);
    }

    @Override
    public Integer call() {
        if (!direction.apply && (stopOnly || now || keepDays != null)) {
            throw new ParameterException(spec.commandLine(), "--stop-only, --keep-days and --now only go with --apply");
        }
        if (stopOnly && now || keepDays != null && keepDays < 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    stopOnly ? "--stop-only and --now contradict each other" : "--keep-days must not be negative");
        }
        if (direction.plan) {
            return plan();
        }
        Path project = options.project().toAbsolutePath().normalize();
        refuseDistribution(project);
        try (Turn turn = Turn.take(options.home())) {
            Retirement retirement = new Retirement(context(project));
            return report(direction.apply ? retirement.apply(new Wish(stopOnly, keepDays, now)) : retirement.undo());
        }
    }

    private Context context(Path project) {
        PrintWriter err = spec.commandLine().getErr();
        Journal journal = line -> {
            err.println(subject + ": " + line);
            err.flush();
        };
        return new Context(
                new SubjectFolder(project, subject),
                options.home(),
                options::profile,
                platform == null ? new LaunchedPlatform(options) : platform,
                clock,
                journal);
    }

    /** A build of the distribution makes its warehouse anew, and with it would go what knows the way back. */
    private static void refuseDistribution(Path project) {
        String dist = System.getenv("GRANARY_DIST");
        if (dist != null
                && project.equals(
                        Path.of(dist).resolve("warehouse").toAbsolutePath().normalize())) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    project + " is the example that the distribution brings: the next build or update would put the"
                            + " subject back. Copy it and work on the copy:\n  cp -r " + project
                            + " my-warehouse && granary retire … --project my-warehouse");
        }
    }

    private int plan() {
        Optional<Retired> retired = options.hasProject()
                ? new SubjectFolder(options.project(), subject).record().read()
                : Optional.empty();
        Manifest manifest = Manifest.read(options.home().manifest());
        if (retired.isPresent() && manifest.subject(subject).isEmpty()) {
            return standing(retired.get());
        }
        known(manifest);
        List<Reader> readers =
                new Readers(new Catalog(manifest), options.hasProject() ? options.project() : null).of(subject);
        List<List<String>> rows = new ArrayList<>(new Belongings(manifest, subject).rows());
        readers.forEach(r -> rows.add(readBy(r)));
        print(List.of("what", "name", "remark"), rows);
        if (readers.isEmpty()) {
            spec.commandLine().getErr().println("nobody outside " + subject + " reads it; nothing was changed");
            return 0;
        }
        return stillRead(readers.size());
    }

    private static List<String> readBy(Reader reader) {
        return List.of("read by", reader.place(), reader.name() + " reads " + reader.reads());
    }

    private int stillRead(int places) {
        spec.commandLine()
                .getErr()
                .println("granary: " + subject + " is still read in " + places + (places == 1 ? " place" : " places")
                        + " (`read by` above). Change those first; nothing was changed.");
        return 1;
    }

    /** What a retired subject still has. */
    private int standing(Retired retired) {
        List<List<String>> rows = new ArrayList<>();
        Holdings holdings = retired.holdings();
        boolean away = retired.touchedTables();
        holdings.tables().stream()
                .filter(t -> !away || t.partitions() != null)
                .forEach(t -> rows.add(List.of("table", away ? t.to() : t.from(), away ? "was " + t.from() : "")));
        holdings.shareTables()
                .forEach(t -> rows.add(List.of("share table", away ? t.to() : t.from(), "in " + t.connection())));
        holdings.folders().forEach(f -> rows.add(List.of("folder", f, "")));
        holdings.keys().forEach(k -> rows.add(List.of("keys", k, "in Redis")));
        retired.since()
                .forEach((stage, at) ->
                        rows.add(List.of("stage", stage.name().toLowerCase(Locale.ROOT), at.toString())));
        print(List.of("what", "name", "remark"), retired.stage() == Stage.DROPPED ? List.of() : rows);
        next(retired.stage(), retired);
        return 0;
    }

    private int report(Outcome outcome) {
        if (!outcome.readers().isEmpty()) {
            print(
                    List.of("what", "name", "remark"),
                    outcome.readers().stream().map(RetireCommand::readBy).toList());
            return stillRead(outcome.readers().size());
        }
        if (!outcome.proof().rows().isEmpty()) {
            print(Proof.COLUMNS, outcome.proof().rows());
        }
        if (!outcome.proof().holds()) {
            spec.commandLine()
                    .getErr()
                    .println("granary: something else has changed, see the lines above that are not equal");
            return 1;
        }
        Optional<Retired> retired =
                new SubjectFolder(options.project(), subject).record().read();
        if (retired.isEmpty()) {
            spec.commandLine().getErr().println(subject + " is back, as it was");
        }
        retired.ifPresent(r -> next(outcome.stage(), r));
        return 0;
    }

    private void next(Stage stage, Retired retired) {
        PrintWriter err = spec.commandLine().getErr();
        String call = "granary retire " + subject;
        switch (stage) {
            case STOPPED ->
                err.println(subject + " is stopped, its data is as it was. On: " + call + " --apply   Back: " + call
                        + " --undo");
            case QUARANTINED -> {
                Instant due = retired.reached(Stage.QUARANTINED)
                        .orElse(clock.instant())
                        .plus(Duration.ofDays(keepDays == null ? retired.keepDays() : keepDays));
                err.println(subject + " is in quarantine: nobody reads it, nothing is lost. Back: " + call
                        + " --undo   Drop, from " + due + " on: " + call + " --apply");
            }
            case DROPPED ->
                err.println(subject + " is dropped. Its definition is kept in "
                        + new SubjectFolder(options.project(), subject).away());
            default ->
                err.println(subject + " was interrupted on its way (" + stage + "): call again " + call
                        + (stage == Stage.UNDOING ? " --undo" : " --apply"));
        }
    }

    private void print(List<String> columns, List<List<String>> rows) {
        new Rows(columns, rows).print(output.form(), spec.commandLine().getOut());
    }

    private void known(Manifest manifest) {
        if (manifest.subject(subject).isPresent()) {
            return;
        }
        List<String> known = manifest.subjects().stream().map(SubjectNode::name).toList();
        throw new GranaryException(
                ErrorCode.NOT_FOUND,
                "there is no subject '" + subject + "'. "
                        + Suggestion.nearest(subject, known)
                                .map(near -> "Did you mean '" + near + "'?")
                                .orElse("Subjects: " + String.join(", ", known) + "."));
    }
}
