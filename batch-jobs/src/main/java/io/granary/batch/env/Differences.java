package io.granary.batch.env;

import io.granary.tablestore.TableName;
import io.granary.tablestore.TableStore;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which models of a project are not as production has them: one that production made last by another definition, one
 * that it does not have, and whatever reads such a one, through views too. The newest run decides, since the days that
 * it did not make may be of an older definition still.
 */
final class Differences {
    private final Map<String, ModelNode> models = new HashMap<>();
    private final Predicate<ModelNode> isProductions;
    private final Map<String, Boolean> differs = new HashMap<>();

    /** @param isProductions whether production made the model last by the definition that the project has */
    Differences(Manifest manifest, Predicate<ModelNode> isProductions) {
        manifest.models().forEach(model -> models.put(model.table(), model));
        this.isProductions = isProductions;
    }

    static Differences from(Manifest manifest, TableStore store) {
        return new Differences(manifest, model -> isProductions(model, store));
    }

    boolean contains(ModelNode model) {
        Boolean known = differs.get(model.table());
        if (known != null) {
            return known;
        }
        // one that reads itself is no reason
        differs.put(model.table(), false);
        boolean found = !isProductions.test(model)
                || model.inputs().stream()
                        .map(models::get)
                        .anyMatch(input -> input != null && !input.equals(model) && contains(input));
        differs.put(model.table(), found);
        return found;
    }

    private static boolean isProductions(ModelNode model, TableStore store) {
        return newest(store, TableName.parse(model.table()))
                .flatMap(store::provenance)
                .filter(made ->
                        made.producer().equals(model.id()) && model.hash().equals(made.sqlHash()))
                .isPresent();
    }

    /** The partition that was made last. */
    static Optional<PublishedPartition> newest(TableStore store, TableName table) {
        return store.partitions(table).stream()
                .max(Comparator.comparing(partition -> partition.run().value()));
    }
}
