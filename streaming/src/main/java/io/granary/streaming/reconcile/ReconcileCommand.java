package io.granary.streaming.reconcile;

import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.reconcile.ReconcileRun.Outcome;
import io.granary.streaming.reconcile.ReconcileRun.Wanted;
import io.granary.streaming.store.RedisNodes;
import io.granary.streaming.store.RedisRetry;
import io.granary.tablestore.HiveJdbcSession;
import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableStore;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.command.OutputOption;
import io.granary.warehouse.command.Rows;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code granary reconcile}. */
@Command(
        name = "granary reconcile",
        mixinStandardHelpOptions = true,
        description = "Compares real-time counters of a day with the batch tables and says why they differ.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  granary reconcile --ds 2026-11-21",
            "  granary reconcile --ds 2026-11-21 --counter traffic.page_view --correct",
            "  granary sql -e \"SELECT * FROM ads.granary_counter_reconcile WHERE ds = '2026-11-21'\"",
            "",
            "Each row of the answer is a counter; the table has every number that differs.",
            "Exit code 1 when a difference has no explanation or a counter cannot be compared; with",
            "--correct, when such a difference is left."
        })
public final class ReconcileCommand implements Callable<Integer> {
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final Function<Profile, SqlSession> engine;
    private final BiFunction<Profile, SqlSession, TableStore> tables;
    private final Clock clock;

    @Mixin
    private CommonOptions options;

    @Mixin
    private OutputOption output;

    @Option(names = "--ds", paramLabel = "D", required = true, description = "Day, such as 2026-11-21")
    private LocalDate ds;

    @Option(names = "--counter", paramLabel = "NAME", description = "One counter, <subject>.<name> (default: all)")
    private String counter;

    @Option(names = "--correct", description = "Make Redis say what the batch table says, for windows that are over")
    private boolean isCorrecting;

    @Option(names = "--total", description = "Compare the window total too: reads all days of the log")
    private boolean isTotal;

    @Spec
    private CommandSpec spec;

    public ReconcileCommand() {
        this(HiveJdbcSession::open, HiveTableStore::open, Clock.systemUTC());
    }

    /**
     * @param engine opens a session
     * @param tables opens what has been built
     */
    ReconcileCommand(
            Function<Profile, SqlSession> engine, BiFunction<Profile, SqlSession, TableStore> tables, Clock clock) {
        this.engine = engine;
        this.tables = tables;
        this.clock = clock;
    }

    public static void main(String[] args) {
        Commands.main(new ReconcileCommand(), args);
    }

    @Override
    public Integer call() {
        Manifest manifest = Manifest.read(options.home().manifest());
        List<StreamQuery> queries = StreamQuery.of(manifest);
        if (counter != null && manifest.counter(counter).isEmpty()) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    "there is no counter " + counter + ". Known: "
                            + queries.stream()
                                    .flatMap(q -> q.counterNames().stream())
                                    .toList());
        }
        Profile profile = options.profile();
        Outcome outcome;
        try (SqlSession sql = engine.apply(profile);
                TableStore store = tables.apply(profile, sql);
                KafkaRecords records = new KafkaRecords(profile, options.home(), clock);
                RedisNodes nodes = RedisNodes.open(profile.redisAddress(), ANSWER)) {
            RedisRetry retry = new RedisRetry(profile.streaming().patience());
            ReconcileRun run = new ReconcileRun(profile, sql, store, nodes, retry, records, clock);
            Wanted wanted = new Wanted(counter, ds, isTotal, isCorrecting);
            outcome = run.compare(queries, wanted);
            if (!outcome.found().isEmpty()) {
                new ReconcileTable(sql, store, clock).publish(outcome.found(), isCorrecting);
            }
            print(outcome.found());
            if (isCorrecting) {
                outcome = run.compare(queries, wanted.afterwards());
            }
        }
        Unexplained.refuse(outcome.found(), outcome.refused(), isCorrecting);
        return 0;
    }

    private void print(List<Comparison> found) {
        List<List<String>> rows = found.stream()
                .map(c -> List.of(
                        c.counter(),
                        Long.toString(c.cells()),
                        Long.toString(c.all().size()),
                        sum(c, Difference::late),
                        sum(c, Difference::beforeStart),
                        sum(c, Difference::notSealed),
                        sum(c, Difference::quarantined),
                        sum(c, Difference::reclassified),
                        Long.toString(c.more()),
                        sum(c, Difference::sketch),
                        sum(c, Difference::unexplained)))
                .toList();
        List<String> columns = List.of(
                "counter",
                "compared",
                "differing",
                "late",
                "before_start",
                "not_sealed",
                "quarantined",
                "reclassified",
                "overflow",
                "sketch_error",
                "unexplained");
        new Rows(columns, rows).print(output.form(), spec.commandLine().getOut());
        found.stream()
                .filter(c -> c.scope().windows().isEmpty())
                .forEach(c -> err(c.counter() + " has no window of " + ds + " that is over and still there"));
        found.forEach(c -> c.notes().forEach(note -> err(c.counter() + ": " + note)));
        if (isCorrecting) {
            found.stream()
                    .filter(c -> !c.all().isEmpty())
                    .forEach(c -> err("corrected " + c.all().size() + " numbers of " + c.counter() + " of " + ds));
        }
    }

    private static String sum(Comparison comparison, ToLongFunction<Difference> part) {
        return Long.toString(comparison.all().stream().mapToLong(part).sum());
    }

    private void err(String message) {
        spec.commandLine().getErr().println("granary: " + message);
    }
}
