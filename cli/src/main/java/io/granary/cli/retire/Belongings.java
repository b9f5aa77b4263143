package io.granary.cli.retire;

import io.granary.cli.retire.Holdings.HeldTable;
import io.granary.cli.retire.Holdings.ShareTable;
import io.granary.tablestore.QuarantinedTables;
import io.granary.tablestore.TableName;
import io.granary.warehouse.config.StreamSettings;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.ExportNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.manifest.MetricNode;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.SeedNode;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.redis.RedisKeys;
import io.granary.warehouse.select.Graph;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** All that is there because of a subject, outside its folder too (docs/contracts.md, sections 4, 9, 11). */
record Belongings(Manifest manifest, String subject) {

    /** Rows of kind, name and a remark. */
    List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("files", "subjects/" + subject + "/", "the definition"));
        manifest.sources().stream().filter(s -> s.subject().equals(subject)).forEach(s -> source(s, rows));
        manifest.seeds().stream()
                .filter(s -> s.subject().equals(subject))
                .forEach(s -> rows.add(List.of("table", s.table(), "seed")));
        manifest.models().stream()
                .filter(m -> m.subject().equals(subject))
                .forEach(m -> rows.add(List.of("table", m.table(), m.materialization())));
        manifest.counters().stream().filter(c -> c.subject().equals(subject)).forEach(c -> counter(c, rows));
        manifest.metrics().stream()
                .filter(m -> m.subject().equals(subject))
                .map(MetricNode::qualifiedName)
                .forEach(m -> rows.add(List.of("metric", m, "")));
        manifest.exports().stream().filter(e -> e.subject().equals(subject)).forEach(e -> export(e, rows));
        manifest.reports().stream()
                .filter(r -> r.subject().equals(subject))
                .forEach(r -> rows.add(List.of("report", r.qualifiedName(), r.title())));
        tasks().forEach(task -> rows.add(List.of("task", task, "of the workflow")));
        return rows;
    }

    private static void export(ExportNode export, List<List<String>> rows) {
        if (export.intoTable()) {
            rows.add(List.of(
                    "export", export.qualifiedName(), "table " + export.table() + " in " + export.connection()));
        } else {
            rows.add(List.of("export", export.qualifiedName(), "attributes in Redis"));
            keys(export).forEach(pattern -> rows.add(List.of("keys", pattern, "in Redis")));
        }
    }

    private static List<String> keys(ExportNode export) {
        String prefix = export.redis().prefix();
        return List.of("g:" + prefix + ":*", RedisKeys.attributesState(prefix, "*"));
    }

    private void source(SourceNode source, List<List<String>> rows) {
        rows.add(List.of("table", source.table(), source.type() + " source"));
        if (!source.isLog()) {
            return;
        }
        rows.add(List.of("topic", source.topic(), "in Kafka, stays"));
        rows.add(List.of("landing", landing(source) + "/", "log lines as they came"));
        if (isCounted(source)) {
            keys(source).forEach(pattern -> rows.add(List.of("keys", pattern, "in Redis")));
            rows.add(List.of("checkpoint", checkpoint(source) + "/", "of the stream"));
        }
    }

    private boolean isCounted(SourceNode source) {
        return Graph.of(manifest).descendants(source.id()).stream().anyMatch(id -> id.startsWith("counter."));
    }

    private static List<String> keys(SourceNode source) {
        String query = source.qualifiedName();
        return List.of(
                "g:{*}:fence:" + query,
                RedisKeys.epoch(query),
                RedisKeys.asOf(query),
                RedisKeys.alive(query),
                RedisKeys.ended(query));
    }

    private static String checkpoint(SourceNode source) {
        return StreamSettings.CHECKPOINTS + "/" + source.qualifiedName();
    }

    private static String landing(SourceNode source) {
        return "/granary/landing/" + source.qualifiedName();
    }

    /** The same in the form in which it is acted upon, tables not yet looked at. */
    Holdings holdings() {
        List<SourceNode> logs = manifest.sources().stream()
                .filter(s -> s.subject().equals(subject) && s.isLog())
                .toList();
        List<SourceNode> streams = logs.stream().filter(this::isCounted).toList();
        List<String> keys = new ArrayList<>();
        List<String> folders = new ArrayList<>();
        manifest.counters().stream().filter(c -> c.subject().equals(subject)).forEach(c -> keys.addAll(keys(c)));
        streams.forEach(s -> keys.addAll(keys(s)));
        manifest.exports().stream()
                .filter(e -> e.subject().equals(subject) && !e.intoTable())
                .forEach(e -> keys.addAll(keys(e)));
        streams.forEach(s -> folders.add(checkpoint(s)));
        logs.forEach(s -> folders.add(landing(s)));
        return new Holdings(
                tables(),
                manifest.exports().stream()
                        .filter(e -> e.subject().equals(subject) && e.intoTable())
                        .map(e -> new ShareTable(e.connection(), e.table(), ShareTables.quarantined(e.table()), e.id()))
                        .toList(),
                keys,
                streams.stream().map(SourceNode::qualifiedName).toList(),
                folders,
                logs.stream().map(SourceNode::topic).toList());
    }

    private List<HeldTable> tables() {
        Stream<String> sources = manifest.sources().stream()
                .filter(s -> s.subject().equals(subject))
                .map(SourceNode::table);
        Stream<String> seeds = manifest.seeds().stream()
                .filter(s -> s.subject().equals(subject))
                .map(SeedNode::table);
        Stream<String> models = manifest.models().stream()
                .filter(m -> m.subject().equals(subject))
                .map(ModelNode::table);
        return Stream.of(sources, seeds, models)
                .flatMap(tables -> tables)
                .map(table -> new HeldTable(
                        table,
                        QuarantinedTables.quarantined(TableName.parse(table)).toString(),
                        null,
                        null))
                .toList();
    }

    private static void counter(CounterNode counter, List<List<String>> rows) {
        rows.add(List.of("counter", counter.qualifiedName(), "windows " + String.join(", ", counter.windows())));
        keys(counter).forEach(pattern -> rows.add(List.of("keys", pattern, "in Redis")));
    }

    private static List<String> keys(CounterNode counter) {
        List<String> keys = new ArrayList<>();
        String name = counter.qualifiedName();
        keys.add("g:{*}:c:" + name + ":*");
        if (counter.measures().stream().anyMatch(MeasureNode::keepsMembers)) {
            keys.add("g:{*}:u:" + name + ":*");
        }
        if (counter.measures().stream().anyMatch(MeasureNode::isSketch)) {
            keys.add("g:{*}:h:" + name + ":*");
        }
        if (!counter.top().isEmpty()) {
            keys.add("g:{*}:t:" + name + ":*");
        }
        keys.add("g:{*}:x:*:" + name + ":*");
        return keys;
    }

    private Set<String> tasks() {
        Set<String> tasks = new LinkedHashSet<>();
        for (SourceNode source : manifest.sources()) {
            if (source.subject().equals(subject)) {
                tasks.add(source.task());
            }
        }
        for (ModelNode model : manifest.models()) {
            if (model.subject().equals(subject)) {
                tasks.add("build." + subject + "." + model.layer());
            }
        }
        for (ExportNode export : manifest.exports()) {
            if (export.subject().equals(subject)) {
                tasks.add("export." + subject);
            }
        }
        return tasks;
    }
}
