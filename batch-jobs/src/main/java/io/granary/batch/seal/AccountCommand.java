package io.granary.batch.seal;

import io.granary.batch.compile.ManifestFile;
import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.Sessions;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableStore;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.command.DayRangeOptions;
import io.granary.warehouse.command.OutputOption;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.manifest.SourceNode;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code granary account}: what became of every line that the agents read. */
@Command(
        name = "granary account",
        description = {
            "What became of every collected line, by source and day in which it was collected (UTC):",
            "read = loaded + duplicate + quarantined + lost + missing + skipped.",
            "Exit code 1 when something does not add up, or an hour is not complete though its deadline has passed."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = {
            "granary account",
            "granary account traffic.access_log --dt 2026-11-01 --by hour",
            "granary account [<subject>.<source>...] [--dt D | --from D --to D] [--by day|hour|host|file]"
                    + " [--output table|json|csv]"
        })
public final class AccountCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions options;

    @Mixin
    private OutputOption output;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "<subject>.<source>", description = "Log sources (default: all)")
    private List<String> names = List.of();

    @Option(names = "--dt", paramLabel = "D", description = "One collected day (UTC), yyyy-MM-dd")
    private LocalDate dt;

    @Option(names = "--from", paramLabel = "D", description = "First collected day")
    private LocalDate from;

    @Option(names = "--to", paramLabel = "D", description = "Last collected day")
    private LocalDate to;

    @Option(
            names = "--by",
            paramLabel = "WHAT",
            defaultValue = "day",
            description = "A line for each day, hour, host or file (default: ${DEFAULT-VALUE})")
    private AccountReport.By by;

    private final Sessions sessions;

    public AccountCommand() {
        this(Sessions.HIVE_JDBC);
    }

    /** @param sessions where the statements run */
    public AccountCommand(Sessions sessions) {
        this.sessions = sessions;
    }

    public static void main(String[] args) {
        Commands.main(new AccountCommand(), args);
    }

    @Override
    public Integer call() {
        AccountReport.Days days = days();
        List<String> sources = LogSources.named(ManifestFile.of(options), names).stream()
                .map(SourceNode::qualifiedName)
                .toList();
        Profile profile = options.profile();
        PrintWriter out = spec.commandLine().getOut();
        try (SqlSession sql = sessions.open(profile);
                TableStore store = HiveTableStore.open(profile, sql)) {
            if (store.schema(SealTables.ACCOUNT).isEmpty()) {
                System.err.println("granary: nothing was sealed yet, so there is no account");
                return 0;
            }
            store.ensure(SealTables.account());
            AccountReport report = AccountReport.of(sql, sources, by, days, hours(profile, sources));
            report.rows().print(output.form(), out);
            report.problems().forEach(p -> System.err.println("granary: " + p));
            return report.problems().isEmpty() ? 0 : 1;
        }
    }

    private AccountReport.Days days() {
        return DayRangeOptions.range("--dt", dt, from, to, ", or none for all days")
                .map(r -> new AccountReport.Days(r.from().toString(), r.to().toString()))
                .orElse(AccountReport.Days.ALL);
    }

    private static Map<String, Map<CollectedHour, CollectionState.Hour>> hours(Profile profile, List<String> sources) {
        Map<String, Map<CollectedHour, CollectionState.Hour>> hours = new TreeMap<>();
        for (String source : sources) {
            try (Landing landing = Landing.open(profile, source)) {
                hours.put(source, landing.seals().history().hours());
            }
        }
        return hours;
    }
}
