package io.granary.batch.env;

import io.granary.tablestore.HiveJdbcSession;
import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.SqlSession;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.command.DayRangeOptions;
import io.granary.warehouse.command.JsonOption;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.select.Selector;
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

    @Mixin
    private DayRangeOptions days;

    @Mixin
    private JsonOption output;

    public static void main(String[] args) {
        Commands.main(new DiffCommand(), args);
    }

    @Override
    public Integer call() {
        Optional<DayRangeOptions.Range> range = days.range(", or none of them");
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
                    .difference(range.map(r -> List.of(r.from(), r.to())));
            System.out.println(output.isJson() ? difference.json() : difference.text());
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
