package io.granary.batch.env;

import io.granary.batch.run.ModelTable;
import io.granary.batch.run.Outdated;
import io.granary.tablestore.Databases;
import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.Migration;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.RunId;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What an environment has built goes to production as it is, model by model in graph order. Everything is looked at
 * before anything is moved: a version goes only if a plan in production would find it up to date there, with what goes
 * along. What is moved is known from the environment's tables alone, so after a crash the rest can be done.
 */
final class Promotion {
    private final EnvironmentName environment;
    private final HiveTableStore store;
    private final boolean fullRefresh;
    private final List<Move> moves = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    /**
     * One model.
     *
     * @param partitions those that go
     * @param arrived those that production shows already: a promotion died after it had published them
     * @param seen where production's readers find the partitions that are replaced
     */
    record Move(
            ModelNode model,
            TableName from,
            TableName to,
            List<PublishedPartition> partitions,
            List<PublishedPartition> arrived,
            Map<PartitionSpec, String> seen,
            Optional<Migration> migration) {

        boolean isRefused() {
            return migration.filter(Migration::needsFullRefresh).isPresent();
        }

        private Map<PartitionSpec, RunId> runs(boolean all) {
            Map<PartitionSpec, RunId> runs = new LinkedHashMap<>();
            partitions.forEach(p -> runs.put(p.spec(), p.run()));
            if (all) {
                arrived.forEach(p -> runs.put(p.spec(), p.run()));
            }
            return runs;
        }
    }

    /** A partition that is in production now; {@code rows} is null when it is not known. */
    record Moved(ModelNode model, PublishedPartition partition, Long rows) {}

    private Promotion(EnvironmentName environment, HiveTableStore store, boolean fullRefresh) {
        this.environment = environment;
        this.store = store;
        this.fullRefresh = fullRefresh;
    }

    /**
     * Looks at what the environment has.
     *
     * @param models those chosen, as compiled, each after those it reads
     * @param fullRefresh tables that cannot be migrated are made anew
     */
    static Promotion of(
            EnvironmentName environment,
            HiveTableStore store,
            Manifest manifest,
            List<ModelNode> models,
            boolean fullRefresh) {
        Promotion promotion = new Promotion(environment, store, fullRefresh);
        models.forEach(promotion::look);
        promotion.judge(manifest);
        return promotion;
    }

    private void look(ModelNode model) {
        TableName to = TableName.parse(model.table());
        TableName from = TableName.parse(environment.table(model.table()));
        List<PublishedPartition> built = store.partitions(from);
        if (built.isEmpty()) {
            return;
        }
        Map<PartitionSpec, PublishedPartition> there = new HashMap<>();
        store.partitions(to).forEach(p -> there.put(p.spec(), p));
        List<PublishedPartition> arrived = built.stream()
                .filter(p ->
                        there.containsKey(p.spec()) && there.get(p.spec()).run().equals(p.run()))
                .toList();
        List<PublishedPartition> partitions = built.stream()
                .filter(p -> !arrived.contains(p))
                .sorted((a, b) -> a.spec().toString().compareTo(b.spec().toString()))
                .toList();
        Map<PartitionSpec, String> seen = new HashMap<>();
        there.forEach((spec, p) -> seen.put(spec, p.location()));
        Optional<Migration> migration =
                ModelTable.isView(model) ? Optional.empty() : Optional.of(store.migration(ModelTable.schema(model)));
        moves.add(new Move(model, from, to, partitions, arrived, seen, migration));
    }

    private void judge(Manifest manifest) {
        PromotedVersions after = new PromotedVersions(store, environment);
        moves.forEach(move -> after.take(move.to(), move.partitions(), move.isRefused()));
        Outdated outdated = new Outdated(manifest, after);
        for (Move move : moves) {
            for (PublishedPartition partition : move.partitions()) {
                outdated.reason(move.model(), partition.spec())
                        .ifPresent(reason -> problems.add(move.from() + " " + label(partition.spec()) + ": " + reason));
            }
            if (move.isRefused() && !fullRefresh) {
                problems.add(move.to() + " has other columns, and would have to be made anew (--full-refresh; all days"
                        + " that are not promoted must then be built again):\n    "
                        + String.join("\n    ", move.migration().orElseThrow().refused()));
            }
        }
    }

    static String label(PartitionSpec spec) {
        return spec.entries().isEmpty() ? "(whole)" : spec.toString();
    }

    List<Move> moves() {
        return List.copyOf(moves);
    }

    /** Why nothing may be moved, one a line; empty when all may. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** What goes, and how many rows it has. */
    List<Moved> moved(Move move) {
        return move.partitions().stream()
                .map(p -> new Moved(
                        move.model(),
                        p,
                        store.provenance(p).map(Provenance::rows).orElse(null)))
                .toList();
    }

    /** @param done called for each model when it is in production, and with nothing when it was there already */
    void run(Consumer<List<Moved>> done) {
        for (Move move : moves) {
            List<Moved> moved = moved(move);
            if (ModelTable.isView(move.model())) {
                view(move);
            } else if (!move.partitions().isEmpty()) {
                table(move);
            }
            store.adoption().forget(move.from(), move.runs(true));
            done.accept(moved);
        }
        dropEmptyDatabases();
    }

    private void table(Move move) {
        ModelTable.ensure(move.model(), store, fullRefresh);
        store.adoption()
                .adopt(
                        move.from(),
                        move.to(),
                        move.runs(false),
                        move.isRefused() ? Map.of() : move.seen(),
                        made -> PromotedVersions.inProduction(made, environment)
                                .withSql(move.model().sql()));
    }

    private void view(Move move) {
        for (PublishedPartition view : move.partitions()) {
            Provenance made = new Provenance(move.model().id(), move.model().hash(), List.of());
            // the same version: what reads it was built from that
            store.replaceView(move.to(), move.model().sql(), made, view.run());
        }
    }

    /** Those too that an earlier promotion had emptied when it died. */
    private void dropEmptyDatabases() {
        Databases databases = store.databases();
        databases.names().stream()
                .filter(environment::holds)
                .filter(database -> databases.tables(database).isEmpty())
                .forEach(databases::drop);
    }
}
