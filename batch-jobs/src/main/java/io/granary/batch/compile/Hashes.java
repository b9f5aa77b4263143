package io.granary.batch.compile;

import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.project.ModelDefinition;
import io.granary.warehouse.project.SeedDefinition;
import io.granary.warehouse.text.Digests;
import java.util.List;

/** SHA-256, in hex, of what decides a result. */
final class Hashes {
    private Hashes() {}

    /** Changes when the model's rows or their form may change: with its SQL's tokens, columns, partition, materialization. */
    static String model(ModelDefinition model, ModelQuery query) {
        StringBuilder text = new StringBuilder();
        part(text, query.tokens());
        part(text, model.columns().stream().map(ColumnNode::name).toList());
        part(text, model.columns().stream().map(ColumnNode::type).toList());
        part(text, model.partition());
        part(text, List.of(model.materialization()));
        if (model.isScd2()) {
            part(text, model.key());
            part(text, model.tracked());
        }
        return Digests.sha256(text.toString());
    }

    /** Changes when the seed's rows or their form may change. */
    static String seed(SeedDefinition seed) {
        StringBuilder text = new StringBuilder();
        part(text, List.of(seed.content()));
        part(text, seed.columns().stream().map(ColumnNode::name).toList());
        part(text, seed.columns().stream().map(ColumnNode::type).toList());
        return Digests.sha256(text.toString());
    }

    /** Lengths keep two lists from running into each other. */
    private static void part(StringBuilder text, List<String> items) {
        text.append(items.size()).append('\n');
        items.forEach(
                item -> text.append(item.length()).append(':').append(item).append('\n'));
    }
}
