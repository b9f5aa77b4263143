package io.granary.ingestion.upload;

import io.granary.ingestion.file.FileLanding;
import io.granary.ingestion.sync.Chosen;
import io.granary.ingestion.sync.JobRun;
import io.granary.ingestion.sync.Stores;
import io.granary.tablestore.TableStore;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.SourceNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code granary upload}: a person's own files into ODS. */
@Command(
        name = "upload",
        mixinStandardHelpOptions = true,
        description = {
            "Lands files that a person keeps, checked row by row, whole or not at all.",
            "",
            "  granary upload trade.target targets-2026-11-01.csv",
            "  granary upload trade.target targets.csv --ds 2026-11-01 --check",
            "  granary upload --inbox",
            "",
            "The day is --ds, or the one in the file's name, or today. The same content is never added twice. --inbox takes"
                    + " what lies in <home>/inbox/<subject>.<source>/ and moves it to done/ or rejected/.",
            ""
        })
public final class UploadCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SUBJECT.SOURCE FILE", arity = "0..*", description = "Source of type manual; its files")
    private List<String> arguments = List.of();

    @Option(names = "--ds", paramLabel = "yyyy-MM-dd", description = "Day the rows are of")
    private LocalDate ds;

    @Option(
            names = "--by",
            paramLabel = "NAME",
            defaultValue = "${sys:user.name}",
            description = "Who gives the files (default: ${DEFAULT-VALUE})")
    private String by;

    @Option(names = "--check", description = "Look the files through, land nothing")
    private boolean check;

    @Option(names = "--inbox", description = "Take what lies in the inbox of these sources, or of all")
    private boolean inbox;

    private final Clock clock = Clock.systemUTC();

    public static void main(String[] args) {
        Commands.main(new UploadCommand(), args);
    }

    @Override
    public Integer call() {
        Manifest manifest = Manifest.read(common.home().manifest());
        List<SourceNode> manual =
                manifest.sources().stream().filter(SourceNode::isManual).toList();
        if (inbox) {
            List<SourceNode> sources = arguments.isEmpty()
                    ? manual
                    : new Chosen(arguments, null).of(manifest, "manual source", manual, SourceNode::id);
            return takeInboxes(sources);
        }
        if (arguments.size() < 2) {
            throw new GranaryException(
                    ErrorCode.USAGE, "name a source and a file, such as trade.target targets.csv, or take --inbox");
        }
        SourceNode source = new Chosen(List.of(arguments.get(0)), null)
                .of(manifest, "manual source", manual, SourceNode::id)
                .get(0);
        List<Path> files =
                arguments.subList(1, arguments.size()).stream().map(Path::of).toList();
        return check ? check(source, files) : upload(source, files);
    }

    private int check(SourceNode source, List<Path> files) {
        PrintWriter err = spec.commandLine().getErr();
        int bad = 0;
        for (Path file : files) {
            Given given = Given.copy(file, by, work());
            try {
                Upload.Looked looked = Upload.look(source, given);
                err.println(file + ": " + looked.rows() + " rows, " + looked.problemCount() + " problems");
                looked.problems().forEach(problem -> err.println("  " + problem));
                bad += looked.problemCount() > 0 ? 1 : 0;
            } finally {
                given.discard();
            }
        }
        err.flush();
        return bad > 0 ? 1 : 0;
    }

    private int upload(SourceNode source, List<Path> files) {
        return run(upload -> files.stream()
                .map(file -> {
                    LocalDate day = day(
                            source, Inbox.dayIn(file.getFileName().toString()).orElse(null));
                    return task(source, file, day, () -> outcome(source, land(upload, source, file, by, day)));
                })
                .toList());
    }

    private int takeInboxes(List<SourceNode> sources) {
        List<Inbox> open = new ArrayList<>();
        try {
            return run(upload -> {
                List<JobRun.Task> tasks = new ArrayList<>();
                for (SourceNode source : sources) {
                    Inbox box = Inbox.open(common.home().inbox().resolve(source.qualifiedName()), clock);
                    open.add(box);
                    box.files().forEach(file -> tasks.add(take(upload, source, box, file)));
                }
                return tasks;
            });
        } finally {
            open.forEach(Inbox::close);
        }
    }

    private JobRun.Task take(Upload upload, SourceNode source, Inbox box, Path file) {
        LocalDate day = day(source, box.day(file).orElse(null));
        return task(source, file, day, () -> {
            UploadReport report = land(upload, source, file, box.by(file), day);
            box.putAside(file, report);
            return outcome(source, report);
        });
    }

    private static JobRun.Task task(
            SourceNode source, Path file, LocalDate day, java.util.function.Supplier<JobRun.Outcome> work) {
        return new JobRun.Task(
                source.id(), "upload " + source.qualifiedName() + " ds=" + day + " " + file.getFileName(), work);
    }

    private UploadReport land(Upload upload, SourceNode source, Path file, String who, LocalDate day) {
        Given given = Given.copy(file, who, work());
        try {
            return upload.run(source, given, day);
        } finally {
            given.discard();
        }
    }

    private JobRun.Outcome outcome(SourceNode source, UploadReport report) {
        if (report.isRejected()) {
            throw report.refusal();
        }
        if (report.result().equals(UploadReport.UNCHANGED)) {
            spec.commandLine()
                    .getErr()
                    .println("  " + report.file() + " is there already (version " + report.runId()
                            + "): nothing was added");
            return new JobRun.Outcome(0, source.table(), "ds=" + report.ds(), report.runId());
        }
        return new JobRun.Outcome(report.rows(), source.table(), "ds=" + report.ds(), report.runId());
    }

    /** Makes the tasks while the warehouse is open, and runs them. */
    private int run(java.util.function.Function<Upload, List<JobRun.Task>> tasks) {
        Profile profile = common.profile();
        Stores stores = Stores.of(profile);
        return stores.tables(store -> new JobRun(spec.commandLine().getErr(), clock)
                .run(
                        tasks.apply(upload(profile, stores, store)),
                        args(),
                        common.home().runResults()));
    }

    private Upload upload(Profile profile, Stores stores, TableStore store) {
        FileLanding landing = new FileLanding(profile, stores.hadoop(), store, clock);
        return new Upload(landing, new UploadLog(landing, store, work()), clock);
    }

    private LocalDate day(SourceNode source, LocalDate named) {
        if (ds != null) {
            return ds;
        }
        return named == null ? LocalDate.now(clock.withZone(ZoneId.of(source.timeZone()))) : named;
    }

    private Path work() {
        return common.home().root().resolve("upload");
    }

    private Map<String, String> args() {
        return Map.of(
                "which",
                "upload",
                "ds",
                ds == null ? "" : ds.toString(),
                "select",
                inbox ? "inbox" : String.join(" ", arguments));
    }
}
