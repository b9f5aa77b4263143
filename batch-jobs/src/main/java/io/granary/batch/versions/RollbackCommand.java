package io.granary.batch.versions;

import io.granary.batch.env.EnvironmentOption;
import io.granary.tablestore.HiveJdbcSession;
import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.RunId;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.tablestore.TableVersions;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets readers see an earlier version again. */
@Command(
        name = "granary rollback",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = {
            "Examples:",
            "  granary rollback dws_traffic_site_1d --ds 2026-11-01",
            "  granary rollback dws_traffic_site_1d --ds 2026-11-01 --to 20261120T200000Z-77be02",
            "  granary rollback dim_shop                  (a table without partitions)",
            ""
        },
        description = "Lets readers see the version before the present one, or the one you name, after a check that its"
                + " files are all there. Tables that were built from it keep what they have: build them again. Prints"
                + " table, partition, version left, version shown.")
public final class RollbackCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Mixin
    private EnvironmentOption environment;

    @Parameters(paramLabel = "MODEL", description = "Model, or table with its database")
    private String model;

    @Option(
            names = "--ds",
            paramLabel = "D",
            description = "Day, yyyy-MM-dd; its hours too, each to the version before")
    private LocalDate ds;

    @Option(names = "--to", paramLabel = "RUN", description = "Version to show (default: the one before)")
    private String to;

    public static void main(String[] args) {
        Commands.main(new RollbackCommand(), args);
    }

    @Override
    public Integer call() {
        Optional<RunId> target = Optional.ofNullable(to).map(RunId::new);
        Profile profile = common.profile();
        try (SqlSession sql = HiveJdbcSession.open(profile);
                HiveTableStore store = HiveTableStore.open(profile, sql)) {
            TableVersions versions = store.versions();
            TableName table = VersionedTables.chosen(versions.tables(), List.of(model), environment.name())
                    .get(0);
            for (PartitionSpec partition : partitions(store, table)) {
                print(table, versions.rollback(table, partition, target, System.getProperty("user.name", "unknown")));
            }
            return 0;
        }
    }

    private List<PartitionSpec> partitions(HiveTableStore store, TableName table) {
        List<PartitionSpec> all =
                store.partitions(table).stream().map(PublishedPartition::spec).toList();
        boolean whole = all.contains(PartitionSpec.of());
        if (!whole && ds == null) {
            throw new GranaryException(ErrorCode.USAGE, "table " + table + " has partitions: name the day with --ds");
        }
        if (whole && ds != null) {
            throw new GranaryException(ErrorCode.USAGE, "table " + table + " has no partitions: leave --ds away");
        }
        List<PartitionSpec> chosen =
                whole ? all : all.stream().filter(this::isOfDay).toList();
        if (chosen.isEmpty()) {
            throw new GranaryException(ErrorCode.NOT_FOUND, "table " + table + " has no partition of ds=" + ds);
        }
        return chosen;
    }

    private boolean isOfDay(PartitionSpec partition) {
        return partition.entries().contains(new PartitionSpec.Entry("ds", ds.toString()));
    }

    private static void print(TableName table, TableVersions.Rollback done) {
        System.out.println(String.join(
                "\t",
                table.toString(),
                done.partition().toString(),
                done.from().value(),
                done.to().value()));
        System.err.println(
                table + " " + done.partition() + " shows version " + done.to() + " again, no longer " + done.from());
    }
}
