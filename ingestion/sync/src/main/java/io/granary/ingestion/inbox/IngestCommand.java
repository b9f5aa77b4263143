package io.granary.ingestion.inbox;

import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.SourceNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code granary ingest}: a person's own log files into the warehouse. */
@Command(
        name = "ingest",
        mixinStandardHelpOptions = true,
        description = {
            "Takes your own log files through the whole warehouse.",
            "",
            "  granary ingest access-log /var/log/nginx/access.log* --site my-shop",
            "",
            "Files are plain or gzip, Apache or nginx combined format. All are checked before the first is taken. The"
                    + " same content is never added twice.",
            ""
        })
public final class IngestCommand implements Callable<Integer> {
    private static final String ACCESS_LOG = "access-log";
    private static final Pattern SITE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "KIND", description = "What the files are: access-log")
    private String kind;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "FILE", description = "Files to take")
    private List<Path> files;

    @Option(names = "--site", paramLabel = "NAME", required = true, description = "Site the lines belong to")
    private String site;

    @Option(
            names = "--source",
            paramLabel = "SUBJECT.SOURCE",
            defaultValue = "traffic.access_log",
            description = "Log source that takes them (default: ${DEFAULT-VALUE})")
    private String sourceName;

    private final Ingest.Patience patience;

    public IngestCommand() {
        this(Ingest.Patience.NORMAL);
    }

    IngestCommand(Ingest.Patience patience) {
        this.patience = patience;
    }

    public static void main(String[] args) {
        Commands.main(new IngestCommand(), args);
    }

    @Override
    public Integer call() {
        if (!kind.equals(ACCESS_LOG)) {
            throw new GranaryException(
                    ErrorCode.USAGE, "'" + kind + "' cannot be ingested; known: " + ACCESS_LOG + ". See --help.");
        }
        if (!SITE.matcher(site).matches()) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    "--site '" + site + "' is no site name: letters, digits, '.', '_' and '-', such as my-shop");
        }
        Manifest manifest = Manifest.read(common.home().manifest());
        SourceNode source = source(manifest);
        List<Incoming> incoming = check(source);
        PrintWriter err = spec.commandLine().getErr();
        VerbCalls granary = new VerbCalls(common.verbs());
        try {
            List<String> summary =
                    new Ingest(common.home(), manifest, source, granary, patience, err).run(incoming, site);
            PrintWriter out = spec.commandLine().getOut();
            summary.forEach(out::println);
            out.flush();
            return 0;
        } finally {
            incoming.forEach(Incoming::discard);
        }
    }

    private SourceNode source(Manifest manifest) {
        List<SourceNode> takers = manifest.sources().stream()
                .filter(s -> s.isLog() && Boolean.TRUE.equals(s.inbox()) && "combined".equals(s.format()))
                .toList();
        return takers.stream()
                .filter(s -> s.qualifiedName().equals(sourceName))
                .findFirst()
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.NOT_FOUND,
                        "no log source '" + sourceName + "' with format: combined and inbox: true; there are: "
                                + takers.stream().map(SourceNode::qualifiedName).collect(Collectors.joining(", "))));
    }

    /** Reads every file, and takes none when one is wrong: all problems are told at once. */
    private List<Incoming> check(SourceNode source) {
        PrintWriter err = spec.commandLine().getErr();
        Path folder = common.home().inbox().resolve(source.qualifiedName());
        List<Incoming> good = new ArrayList<>();
        List<GranaryException> problems = new ArrayList<>();
        for (Path file : files) {
            try {
                Incoming incoming = Incoming.read(file, folder);
                good.add(incoming);
                err.printf(
                        Locale.ROOT,
                        "%s: %,d lines, %,d bytes%s%n",
                        file,
                        incoming.lines(),
                        incoming.bytes(),
                        warning(incoming));
            } catch (GranaryException e) {
                problems.add(e);
            }
        }
        err.flush();
        if (!problems.isEmpty()) {
            good.forEach(Incoming::discard);
            throw new GranaryException(
                    problems.get(0).code(),
                    problems.stream().map(GranaryException::getMessage).collect(Collectors.joining("\n"))
                            + (files.size() > 1 ? "\nNothing was taken." : ""));
        }
        return good;
    }

    private static String warning(Incoming incoming) {
        if (incoming.oddCount() == 0) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                "; %,d do not look like the combined format and may be quarantined (line %s%s)",
                incoming.oddCount(),
                incoming.oddLines().stream()
                        .map(n -> String.format(Locale.ROOT, "%,d", n))
                        .collect(Collectors.joining(", ")),
                incoming.oddCount() > incoming.oddLines().size() ? ", ..." : "");
    }
}
