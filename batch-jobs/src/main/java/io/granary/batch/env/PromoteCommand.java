package io.granary.batch.env;

import io.granary.batch.compile.ManifestFile;
import io.granary.batch.env.Promotion.Move;
import io.granary.batch.env.Promotion.Moved;
import io.granary.tablestore.HiveJdbcSession;
import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.SqlSession;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.select.Selector;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes over into production what an environment has built. */
@Command(
        name = "granary promote",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = {
            "Examples:",
            "  granary promote --env dev_wang --plan",
            "  granary promote --env dev_wang",
            "  granary promote --env dev_wang --select +ads_traffic_site_overview",
            ""
        },
        description = {
            "Moves the partitions of an environment to production: the files are renamed and published under the same run"
                    + " ids, nothing is computed again, and the environment's tables go. Only what was built from the"
                    + " definitions that the project has now, and from inputs that production has or that go along.",
            "Killed half-way, it does the rest when it is run again; readers see each model's old partitions or its new"
                    + " ones. Prints model, partition, rows, run id."
        })
public final class PromoteCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Mixin
    private EnvironmentOption environment;

    @Option(
            names = "--select",
            paramLabel = "SELECTOR",
            defaultValue = "",
            description = "Models to promote, as for build (default: all that the environment has)")
    private String select;

    @Option(names = "--plan", description = "Say what would be moved, move nothing")
    private boolean plan;

    @Option(
            names = "--full-refresh",
            description = "Make tables of production anew whose columns cannot be migrated: their other days are gone")
    private boolean fullRefresh;

    public static void main(String[] args) {
        Commands.main(new PromoteCommand(), args);
    }

    @Override
    public Integer call() {
        EnvironmentName name = environment
                .name()
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.USAGE, "promote takes from an environment to production: name it with --env"));
        Manifest manifest = ManifestFile.of(common);
        List<ModelNode> models = Selector.parse(select).models(manifest);
        Profile profile = common.profile();
        try (SqlSession sql = HiveJdbcSession.open(profile);
                HiveTableStore store = HiveTableStore.open(profile, sql)) {
            Differences differences = Differences.from(manifest, store);
            List<ModelNode> differing =
                    models.stream().filter(differences::contains).toList();
            Promotion promotion = Promotion.of(name, store, manifest, models, fullRefresh);
            remarks(promotion, differing, name);
            if (promotion.moves().isEmpty()) {
                System.err.println("nothing to promote: environment " + name + " has built none of the chosen models");
                return 0;
            }
            refuse(promotion, name);
            promotion.moves().stream()
                    .filter(Move::isRefused)
                    .forEach(move -> System.err.println(
                            move.to() + " is made anew: days that are not promoted must be built again"));
            if (plan) {
                promotion.moves().forEach(move -> print(promotion.moved(move)));
                System.err.println("nothing was moved: --plan");
                return 0;
            }
            promotion.run(PromoteCommand::print);
            System.err.println("promoted " + promotion.moves().size() + " models of " + name
                    + "; run granary plan to see what is left to build in production");
            return 0;
        }
    }

    private static void refuse(Promotion promotion, EnvironmentName name) {
        if (!promotion.problems().isEmpty()) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "nothing was promoted, because production would have to build these again:\n  "
                            + String.join("\n  ", promotion.problems())
                            + "\nBring the environment up to date (granary build --env " + name
                            + " …), choose what they read too (--select +NAME), or drop it (granary env drop " + name
                            + ").");
        }
    }

    /** What a person might have expected to go. */
    private static void remarks(Promotion promotion, List<ModelNode> differing, EnvironmentName name) {
        Set<String> built = new HashSet<>();
        for (Move move : promotion.moves()) {
            built.add(move.model().id());
            move.migration()
                    .filter(m -> !m.added().isEmpty())
                    .ifPresent(m -> System.err.println(move.to() + ": columns are added: " + m.added()));
        }
        List<String> missing = differing.stream()
                .filter(model -> !built.contains(model.id()))
                .map(ModelNode::name)
                .toList();
        if (!missing.isEmpty()) {
            System.err.println(
                    "not built in " + name + ", and left to production's next build: " + String.join(", ", missing));
        }
    }

    private static void print(List<Moved> moved) {
        for (Moved partition : moved) {
            System.out.println(String.join(
                    "\t",
                    partition.model().name(),
                    Promotion.label(partition.partition().spec()),
                    partition.rows() == null ? "-" : Long.toString(partition.rows()),
                    partition.partition().run().value()));
        }
    }
}
