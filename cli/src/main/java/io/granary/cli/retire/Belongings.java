package io.granary.cli.retire;

import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.Manifest.CounterNode;
import io.granary.warehouse.manifest.Manifest.ExportNode;
import io.granary.warehouse.manifest.Manifest.MetricNode;
import io.granary.warehouse.manifest.Manifest.ModelNode;
import io.granary.warehouse.manifest.Manifest.SourceNode;
import io.granary.warehouse.select.Graph;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

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
        manifest.exports().stream()
                .filter(e -> e.subject().equals(subject))
                .forEach(e -> rows.add(
                        List.of("export", subject + "." + e.name(), "table " + e.table() + " in " + e.connection())));
        manifest.reports().stream()
                .filter(r -> r.subject().equals(subject))
                .forEach(r -> rows.add(List.of("report", r.qualifiedName(), r.title())));
        tasks().forEach(task -> rows.add(List.of("task", task, "of the workflow")));
        return rows;
    }

    private void source(SourceNode source, List<List<String>> rows) {
        rows.add(List.of("table", source.table(), source.type() + " source"));
        if (!source.isLog()) {
            return;
        }
        rows.add(List.of("topic", source.topic(), "in Kafka"));
        boolean counted =
                Graph.of(manifest).descendants(source.id()).stream().anyMatch(id -> id.startsWith("counter."));
        if (counted) {
            String query = source.qualifiedName();
            rows.add(List.of("keys", "g:{*}:fence:" + query, "in Redis"));
            rows.add(List.of("keys", "g:epoch:" + query, "in Redis"));
            rows.add(List.of("keys", "g:as_of:" + query, "in Redis"));
            rows.add(List.of("checkpoint", "/granary/checkpoints/streaming/" + query + "/", "of the stream"));
        }
    }

    private static void counter(CounterNode counter, List<List<String>> rows) {
        rows.add(List.of("counter", counter.qualifiedName(), "windows " + String.join(", ", counter.windows())));
        rows.add(List.of("keys", "g:{*}:c:" + counter.qualifiedName() + ":*", "in Redis"));
        if (counter.measures().stream().anyMatch(m -> m.type().equals("distinct"))) {
            rows.add(List.of("keys", "g:{*}:u:" + counter.qualifiedName() + ":*", "in Redis"));
        }
    }

    private Set<String> tasks() {
        Set<String> tasks = new LinkedHashSet<>();
        for (SourceNode source : manifest.sources()) {
            if (source.subject().equals(subject)) {
                tasks.add(source.isLog() ? "seal." + source.qualifiedName() : "sync." + subject);
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
