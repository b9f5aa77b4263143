package io.granary.batch.env;

import io.granary.warehouse.manifest.DayRange;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.TestNode;
import io.granary.warehouse.select.Selector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A project as one environment sees it: its own tables where it differs from production, production's where not. What
 * works with a manifest works with {@link #manifest} and need not know of environments.
 *
 * @param environment empty is production: then both manifests are the same
 * @param production as it was compiled
 * @param manifest with the environment's tables; ids, names and hashes are production's
 */
public record EnvironmentManifest(Optional<EnvironmentName> environment, Manifest production, Manifest manifest) {
    /** Where a data test's SQL has the rows that are tested; the grammar knows no braces. */
    private static final String TESTED = "{this}";

    private static final String TESTED_NAME = "granary_tested_rows";

    static EnvironmentManifest ofProduction(Manifest manifest) {
        return new EnvironmentManifest(Optional.empty(), manifest, manifest);
    }

    /** @param own the models that have tables of their own in the environment */
    static EnvironmentManifest of(EnvironmentName environment, Manifest manifest, Predicate<ModelNode> own) {
        Set<String> tables =
                manifest.models().stream().filter(own).map(ModelNode::table).collect(Collectors.toSet());
        UnaryOperator<String> table = name -> tables.contains(name) ? environment.table(name) : name;
        Set<String> names = manifest.models().stream()
                .filter(model -> tables.contains(model.table()))
                .map(ModelNode::name)
                .collect(Collectors.toSet());
        List<ModelNode> models = manifest.models().stream()
                .map(model -> tables.contains(model.table()) ? moved(model, table, names) : model)
                .toList();
        return new EnvironmentManifest(Optional.of(environment), manifest, with(manifest, models));
    }

    /** Whether a model, of either manifest, has a table of its own in the environment. */
    public boolean isOwn(ModelNode model) {
        return environment.isPresent()
                && manifest.models().stream()
                        .anyMatch(m ->
                                m.id().equals(model.id()) && environment.get().holds(m.table()));
    }

    /** The chosen models as they are in {@link #manifest}, each after those it reads; of an environment its own only. */
    public List<ModelNode> models(Selector selector) {
        // people name production's tables
        List<ModelNode> chosen = selector.models(production);
        if (environment.isEmpty()) {
            return chosen;
        }
        List<ModelNode> own = new ArrayList<>();
        for (ModelNode model : chosen) {
            manifest.models().stream()
                    .filter(m -> m.id().equals(model.id()) && environment.get().holds(m.table()))
                    .forEach(own::add);
        }
        System.err.println(
                own.size() + " of " + chosen.size() + " models differ from production and are of environment "
                        + environment.get() + "; the others are read from production");
        return List.copyOf(own);
    }

    private static ModelNode moved(ModelNode model, UnaryOperator<String> table, Set<String> names) {
        Map<String, List<String>> lineage = new LinkedHashMap<>();
        model.lineage()
                .forEach((column, from) -> lineage.put(
                        column, from.stream().map(c -> column(c, table)).toList()));
        Map<String, DayRange> reads = new TreeMap<>();
        model.reads().forEach((input, days) -> reads.put(table.apply(input), days));
        return model.with()
                .table(table.apply(model.table()))
                .sql(RelationNames.inStatement(model.sql(), table, model.file()))
                .inputs(List.copyOf(new LinkedHashSet<>(
                        model.inputs().stream().map(table).sorted().toList())))
                .tests(model.tests().stream()
                        .map(test -> moved(test, table, names))
                        .toList())
                .lineage(lineage)
                .reads(reads)
                .node();
    }

    /** {@code database.table.column}. */
    private static String column(String column, UnaryOperator<String> table) {
        int dot = column.lastIndexOf('.');
        return dot < 0 ? column : table.apply(column.substring(0, dot)) + column.substring(dot);
    }

    private static TestNode moved(TestNode test, UnaryOperator<String> table, Set<String> names) {
        Map<String, Object> arguments = new LinkedHashMap<>(test.arguments());
        // a bare name is looked up in the manifest
        arguments.computeIfPresent("to", (k, to) -> names.contains(to) ? to : table.apply(String.valueOf(to)));
        arguments.computeIfPresent("expression", (k, text) -> expression(String.valueOf(text), table, test));
        arguments.computeIfPresent("sql", (k, text) -> statement(String.valueOf(text), table, test));
        return new TestNode(
                test.id(),
                test.type(),
                test.columns(),
                arguments,
                test.where() == null ? null : expression(test.where(), table, test),
                test.severity());
    }

    private static String expression(String text, UnaryOperator<String> table, TestNode test) {
        return RelationNames.inExpression(text, table, test.id());
    }

    private static String statement(String text, UnaryOperator<String> table, TestNode test) {
        String parsed = text.replace(TESTED, TESTED_NAME);
        return RelationNames.inStatement(
                        parsed, table, String.valueOf(test.arguments().get("file")))
                .replace(TESTED_NAME, TESTED);
    }

    private static Manifest with(Manifest manifest, List<ModelNode> models) {
        return manifest.with().models(models).manifest();
    }
}
