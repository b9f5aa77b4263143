package io.granary.batch.seal;

import io.granary.batch.compile.ManifestFile;
import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.Sessions;
import io.granary.tablestore.SqlSession;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.command.DurationText;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.run.RunResults;
import io.granary.warehouse.select.Selector;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code granary seal}: turns landed log lines into ODS rows. */
@Command(
        name = "granary seal",
        description =
                "Turns what the collector landed into ODS rows; every line once, what does not parse to quarantine.",
        mixinStandardHelpOptions = true,
        customSynopsis = {
            "granary seal traffic.access_log",
            "granary seal --select subject:traffic --wait 2m",
            "granary seal --replay --dt 2026-11-01 traffic.access_log",
            "granary seal [--select SELECTOR] [--wait DURATION] [<subject>.<source>...]"
        })
public final class SealCommand implements Callable<Integer> {
    private static final Duration DEADLINE = Duration.ofHours(2);

    @Mixin
    private CommonOptions options;

    @Parameters(arity = "0..*", paramLabel = "<subject>.<source>", description = "Log sources (default: all)")
    private List<String> names = List.of();

    @Option(names = "--select", paramLabel = "SELECTOR", description = "Log sources among the chosen nodes: subject:x")
    private String select;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            defaultValue = "60s",
            converter = DurationOption.class,
            description = "How long to wait until the collector has landed all there is on Kafka now: 90s, 2m;"
                    + " 0 seals what is there (default: ${DEFAULT-VALUE})")
    private Duration wait;

    @Option(
            names = "--deadline",
            paramLabel = "DURATION",
            converter = DurationOption.class,
            description = "How long after its end an hour waits for what is missing before it is closed"
                    + " (default: deadline of the source, else 2h)")
    private Duration deadline;

    @Option(names = "--replay", description = "Try the lines in quarantine again, by the format as it is now")
    private boolean replay;

    @Option(names = "--dt", paramLabel = "DAY", description = "With --replay: collected days (UTC); default: all")
    private List<String> days = List.of();

    private final PrintStream out = System.out;
    private final Clock clock = Clock.systemUTC();
    private final Sessions sessions;
    private final CollectorProgress.Opening collector;

    public SealCommand() {
        this(Sessions.HIVE_JDBC);
    }

    /** @param sessions where the statements run */
    public SealCommand(Sessions sessions) {
        this(
                sessions,
                (profile, source) -> KafkaProgress.open(profile.kafka(), source.topic(), source.qualifiedName()));
    }

    SealCommand(Sessions sessions, CollectorProgress.Opening collector) {
        this.sessions = sessions;
        this.collector = collector;
    }

    public static void main(String[] args) {
        Commands.main(new SealCommand(), args);
    }

    @Override
    public Integer call() {
        Manifest manifest = ManifestFile.of(options);
        Profile profile = options.profile();
        List<SourceNode> sources = chosen(manifest);
        long start = System.nanoTime();
        List<RunResults.Result> results = new ArrayList<>();
        if (!sources.isEmpty()) {
            try (SqlSession sql = sessions.open(profile);
                    HiveTableStore store = HiveTableStore.open(profile, sql)) {
                prepare(sql);
                sources.forEach(source -> results.add(seal(source, profile, store, sql)));
            }
        } else {
            System.err.println("granary: no log source is selected, nothing to seal");
        }
        RunResults all = RunResults.of(clock.instant(), arguments(), since(start), results);
        all.write(options.home().runResults());
        return all.count(RunResults.Status.ERROR) == 0 ? 0 : 1;
    }

    private List<SourceNode> chosen(Manifest manifest) {
        Set<String> ids = new LinkedHashSet<>();
        if (!names.isEmpty()) {
            LogSources.named(manifest, names).forEach(s -> ids.add(s.id()));
        }
        if (select != null || names.isEmpty()) {
            ids.addAll(Selector.parse(select).ids(manifest));
        }
        return LogSources.all(manifest).stream()
                .filter(s -> ids.contains(s.id()))
                .toList();
    }

    static void prepare(SqlSession sql) {
        sql.execute("SET spark.sql.session.timeZone=UTC");
        sql.execute("SET hive.exec.dynamic.partition=true");
        sql.execute("SET hive.exec.dynamic.partition.mode=nonstrict");
        // a year of hours in one file that a person ingests
        sql.execute("SET hive.exec.max.dynamic.partitions=100000");
        sql.execute("SET hive.exec.max.dynamic.partitions.pernode=100000");
    }

    /** One source's failure does not keep the others from being sealed. */
    private RunResults.Result seal(SourceNode source, Profile profile, HiveTableStore store, SqlSession sql) {
        long start = System.nanoTime();
        String name = source.qualifiedName();
        try (SealLock lock = SealLock.take(options.home(), name, store);
                Landing landing = Landing.open(profile, name)) {
            SourceSealing sealing = new SourceSealing(
                    source,
                    landing,
                    store,
                    sql,
                    clock,
                    expected(source, profile),
                    lock::confirm,
                    message -> System.err.println("granary: " + message));
            SourceSealing.Result result = replay
                    ? new SourceSealing.Result(sealing.replay(days), List.of(), List.of())
                    : sealed(sealing, profile, source);
            result.outcome().lines(name).forEach(out::println);
            result.warnings().forEach(w -> System.err.println("granary: " + name + ": warning: " + w));
            return result(source, start, result);
        } catch (GranaryException e) {
            System.err.println("granary: " + e.getMessage());
            return RunResults.Result.error(source.id(), since(start), e.getMessage());
        }
    }

    private SourceSealing.Result sealed(SourceSealing sealing, Profile profile, SourceNode source) {
        if (wait.isZero()) {
            return sealing.now();
        }
        try (CollectorProgress progress = collector.open(profile, source)) {
            return sealing.wait(progress, wait);
        }
    }

    private RunResults.Result result(SourceNode source, long start, SourceSealing.Result result) {
        SealOutcome outcome = result.outcome();
        boolean isComplete = result.missing().isEmpty();
        String message = null;
        if (!isComplete) {
            message = source.qualifiedName() + ": after " + wait.toSeconds()
                    + " s not all has landed; what has, is sealed:"
                    + result.missing().stream().map(m -> "\n  " + m).collect(Collectors.joining());
            System.err.println("granary: " + message);
        }
        return new RunResults.Result(
                source.id(),
                isComplete ? RunResults.Status.SUCCESS : RunResults.Status.ERROR,
                since(start).toMillis() / 1000.0,
                message,
                outcome.counts().loaded(),
                outcome.partitions(),
                outcome.version(),
                null,
                result.warnings(),
                null,
                List.of());
    }

    private SourceSeal.Expected expected(SourceNode source, Profile profile) {
        Duration own = source.deadline() == null
                ? DEADLINE
                : DurationText.parse("deadline of " + source.id(), source.deadline());
        return new SourceSeal.Expected(LogSources.hosts(source, profile), deadline != null ? deadline : own);
    }

    private Map<String, String> arguments() {
        Map<String, String> arguments = new LinkedHashMap<>();
        arguments.put("which", "seal");
        if (!names.isEmpty()) {
            arguments.put("sources", String.join(" ", names));
        }
        if (select != null) {
            arguments.put("select", select);
        }
        arguments.put("wait", wait.toSeconds() + "s");
        return arguments;
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** {@code 90s}, {@code 2m}, {@code 1h}; a bare number is seconds. */
    static final class DurationOption implements CommandLine.ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return text.matches("\\d{1,6}")
                    ? Duration.ofSeconds(Long.parseLong(text))
                    : DurationText.parse("a duration", text);
        }
    }
}
