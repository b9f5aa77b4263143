package io.granary.batch.env;

import io.granary.batch.run.NoSql;
import io.granary.tablestore.Databases;
import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists and drops environments. */
@Command(
        name = "granary env",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        subcommands = {EnvironmentCommand.Listing.class, EnvironmentCommand.Dropping.class},
        synopsisSubcommandLabel = "list|drop",
        header = {"Examples:", "  granary env list", "  granary env drop dev_wang --yes", ""},
        description = "Environments: databases beside production's, made by build --env NAME.")
public final class EnvironmentCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        Commands.main(new EnvironmentCommand(), args);
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Which one: list or drop?");
    }

    private static Map<String, List<String>> databases(Databases databases) {
        Map<String, List<String>> found = new TreeMap<>();
        for (String database : databases.names()) {
            EnvironmentName.ofDatabase(database)
                    .ifPresent(name -> found.merge(
                            name.value(),
                            List.of(database),
                            (a, b) -> java.util.stream.Stream.concat(a.stream(), b.stream())
                                    .toList()));
        }
        return found;
    }

    /** What there is. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Prints environment, tables, partitions, newest run; with --tables each table.")
    static final class Listing implements Callable<Integer> {
        @Mixin
        private CommonOptions common;

        @Option(names = "--tables", description = "A line for each table")
        private boolean each;

        private record Line(String name, int tables, int partitions, String newest) {
            Line plus(Line other) {
                return new Line(
                        name,
                        tables + other.tables,
                        partitions + other.partitions,
                        newest.compareTo(other.newest) > 0 ? newest : other.newest);
            }
        }

        @Override
        public Integer call() {
            try (HiveTableStore store = HiveTableStore.open(common.profile(), new NoSql())) {
                Map<String, List<String>> environments = databases(store.databases());
                environments.forEach((name, databases) -> list(store, name, databases));
                if (environments.isEmpty()) {
                    System.err.println("there is no environment; granary build --env NAME makes one");
                }
                return 0;
            }
        }

        private void list(HiveTableStore store, String name, List<String> databases) {
            Line all = new Line(name, 0, 0, "");
            for (String database : databases) {
                for (TableName table : store.databases().tables(database)) {
                    List<PublishedPartition> partitions = store.partitions(table);
                    String newest = partitions.stream()
                            .map(p -> p.run().value())
                            .max(String::compareTo)
                            .orElse("");
                    all = all.plus(new Line(name, 1, partitions.size(), newest));
                    if (each) {
                        print(table.toString(), 1, partitions.size(), newest);
                    }
                }
            }
            if (!each) {
                print(name, all.tables(), all.partitions(), all.newest());
            }
        }

        private static void print(String name, int tables, int partitions, String newest) {
            System.out.println(name + "\t" + count(tables, "table") + "\t" + count(partitions, "partition") + "\t"
                    + (newest.isEmpty() ? "-" : newest));
        }

        private static String count(int number, String what) {
            return number + " " + what + (number == 1 ? "" : "s");
        }
    }

    /** All of one goes. */
    @Command(
            name = "drop",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Drops the databases of an environment, their tables, views and files. Production stays.")
    static final class Dropping implements Callable<Integer> {
        @Mixin
        private CommonOptions common;

        @Parameters(paramLabel = "NAME", description = "Environment")
        private String name;

        @Option(names = "--yes", description = "Do it; without it only what would go is said")
        private boolean yes;

        @Override
        public Integer call() {
            EnvironmentName environment = new EnvironmentName(name);
            try (HiveTableStore store = HiveTableStore.open(common.profile(), new NoSql())) {
                List<String> databases = databases(store.databases()).get(environment.value());
                if (databases == null) {
                    throw new GranaryException(
                            ErrorCode.NOT_FOUND, "there is no environment " + environment + "; see granary env list");
                }
                for (String database : databases) {
                    store.databases().tables(database).forEach(table -> System.out.println(table));
                }
                if (!yes) {
                    throw new GranaryException(
                            ErrorCode.USAGE,
                            "these would be dropped with their files, and nothing was yet: say --yes to drop databases "
                                    + String.join(", ", databases));
                }
                databases.forEach(store.databases()::drop);
                System.err.println("dropped environment " + environment + ": " + String.join(", ", databases));
                return 0;
            }
        }
    }
}
