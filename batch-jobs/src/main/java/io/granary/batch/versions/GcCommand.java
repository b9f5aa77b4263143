package io.granary.batch.versions;

import io.granary.batch.env.EnvironmentOption;
import io.granary.tablestore.Garbage;
import io.granary.tablestore.HiveJdbcSession;
import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableVersions;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.command.DurationText;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deletes versions nobody needs. */
@Command(
        name = "granary gc",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = {
            "Examples:",
            "  granary gc --dry-run",
            "  granary gc",
            "  granary gc dws_traffic_site_1d --keep 3 --older 48h",
            ""
        },
        description = {
            "Deletes versions of tables that no partition points at, and what dead runs left behind.",
            "The newest versions before the present one are kept, to go back to. A version goes when it has been out of"
                    + " sight for longer than the longest query, counted from the first gc that found it so; a run that"
                    + " did not publish after 24 h at the earliest. Prints what it deletes: table, bytes, folder, reason."
        })
public final class GcCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Mixin
    private EnvironmentOption environment;

    @Parameters(paramLabel = "TABLE", arity = "0..*", description = "Tables, with or without database (default: all)")
    private List<String> tables = List.of();

    @Option(
            names = "--keep",
            paramLabel = "N",
            defaultValue = "1",
            description = "Versions before the present one to keep, for each partition (default: 1)")
    private int keep;

    @Option(
            names = "--older",
            paramLabel = "DURATION",
            defaultValue = "24h",
            description = "Longer than the longest query: 90m, 24h, 2d (default: 24h)")
    private String older;

    @Option(names = "--dry-run", description = "Say what would be deleted, delete nothing")
    private boolean dryRun;

    public static void main(String[] args) {
        Commands.main(new GcCommand(), args);
    }

    @Override
    public Integer call() {
        if (keep < 0) {
            throw new GranaryException(ErrorCode.USAGE, "--keep is " + keep + "; it must be 0 or more");
        }
        Duration age = DurationText.parse("--older", older);
        Profile profile = common.profile();
        try (SqlSession sql = HiveJdbcSession.open(profile);
                HiveTableStore store = HiveTableStore.open(profile, sql)) {
            return collect(store.versions(), age);
        }
    }

    private int collect(TableVersions versions, Duration age) {
        long bytes = 0;
        int folders = 0;
        int waiting = 0;
        int failures = 0;
        for (TableName table : VersionedTables.chosen(versions.tables(), tables, environment.name())) {
            try {
                Garbage garbage = versions.collect(table, keep, age, dryRun);
                print(garbage);
                bytes += garbage.bytes();
                folders += garbage.folders().size();
                waiting += garbage.waiting();
            } catch (GranaryException e) {
                // the other tables are no worse for it
                System.err.println("granary: " + table + ": " + e.getMessage());
                failures++;
            }
        }
        System.err.printf(
                Locale.ROOT,
                "%s %d version(s), %d bytes; %d more wait until they are old enough%n",
                dryRun ? "would delete" : "deleted",
                folders,
                bytes,
                waiting);
        return failures == 0 ? 0 : 1;
    }

    private static void print(Garbage garbage) {
        for (Garbage.Folder folder : garbage.folders()) {
            System.out.println(String.join(
                    "\t",
                    garbage.table().toString(),
                    Long.toString(folder.bytes()),
                    folder.location(),
                    folder.reason()));
        }
        for (TableName staging : garbage.stagingTables()) {
            System.out.println(String.join("\t", garbage.table().toString(), "0", staging.toString(), "staging table"));
        }
    }
}
