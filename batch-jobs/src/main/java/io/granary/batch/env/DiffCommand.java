package io.granary.batch.env;

import io.granary.tablestore.HiveJdbcSession;
import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.SqlSession;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.select.Selector;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows in what a model differs from production, or from another environment. */
@Command(
        name = "granary diff",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = {
            "Examples:",
            "  granary diff dws_traffic_site_1d --env dev_wang --against prod",
            "  granary diff dws_traffic_site_1d --env dev_wang --against prod --ds 2026-11-01",
            "  granary diff dws_traffic_site_1d --against prod           (the definition alone)",
            ""
        },
        description = {
            "Compares the project's definition of a model with the one that was built last there (SQL and columns), and"
                    + " the rows of the two tables: by the model's unique columns, else as wholes.",
            "Exit code 0 when there is no difference, 1 when there is one."
        })
public final class DiffCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Mixin
    private EnvironmentOption environment;

    @Parameters(paramLabel = "MODEL", description = "Model")
    private String model;

    @Option(
            names = "--against",
            paramLabel = "prod|ENV",
            defaultValue = "prod",
            description = "With what to compare (default: prod)")
    private String against;

    @Option(names = "--ds", paramLabel = "D", description = "One day (default: all that the environment has)")
    private LocalDate ds;

    @Option(names = "--from", paramLabel = "A", description = "First day of a range")
    private LocalDate from;

    @Option(names = "--to", paramLabel = "B", description = "Last day of a range")
    private LocalDate to;

    @Option(
            names = "--output",
            paramLabel = "FORM",
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES} (default: table)")
    private Output output;

    private enum Output {
        TABLE,
        JSON
    }

    public static void main(String[] args) {
        Commands.main(new DiffCommand(), args);
    }

    @Override
    public Integer call() {
        Optional<LocalDate> first = Optional.ofNullable(ds == null ? from : ds);
        Optional<LocalDate> last = Optional.ofNullable(ds == null ? to : ds);
        if (ds != null && (from != null || to != null) || first.isPresent() != last.isPresent()) {
            throw new GranaryException(ErrorCode.USAGE, "give --ds D, or --from A and --to B, or none of them");
        }
        Optional<EnvironmentName> other = against.equals(EnvironmentName.PRODUCTION)
                ? Optional.empty()
                : Optional.of(new EnvironmentName(against));
        Optional<EnvironmentName> own = environment.name();
        if (own.isPresent() && own.equals(other)) {
            throw new GranaryException(ErrorCode.USAGE, "--env and --against are both " + against);
        }
        EnvironmentManifest project = environment.manifest(common);
        ModelNode node = only(Selector.parse(model).models(project.production()));
        Profile profile = common.profile();
        try (SqlSession sql = HiveJdbcSession.open(profile);
                HiveTableStore store = HiveTableStore.open(profile, sql)) {
            ModelDifference difference = new ModelComparison(sql, store, node, own, other)
                    .difference(first.map(day -> List.of(day, last.get())));
            System.out.println(output == Output.JSON ? difference.json() : difference.text());
            return difference.isEmpty() ? 0 : 1;
        }
    }

    private ModelNode only(List<ModelNode> models) {
        if (models.size() != 1) {
            throw new GranaryException(
                    ErrorCode.USAGE, "diff is of one model; '" + model + "' chooses " + models.size());
        }
        return models.get(0);
    }
}
