package io.granary.cli.docs;

import io.granary.cli.project.Catalog.Entry;
import io.granary.warehouse.command.DurationText;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.ExportNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.MetricNode;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.ReportNode;
import io.granary.warehouse.manifest.SourceNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What there is to say about a node, by kind. */
final class NodeFacts {
    private NodeFacts() {}

    /** @param table whose columns they are; empty when they are no columns of a table */
    record Columns(String title, String second, String table, List<ColumnNode> rows) {}

    static Map<String, String> of(Manifest manifest, Entry entry) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Owner", entry.owner());
        switch (entry.kind()) {
            case "model" -> manifest.model(entry.name()).ifPresent(m -> model(m, facts));
            case "source" -> manifest.source(entry.name()).ifPresent(s -> source(s, facts));
            case "counter" -> manifest.counter(entry.name()).ifPresent(c -> counter(c, facts));
            case "report" -> manifest.report(entry.name()).ifPresent(r -> report(r, facts));
            case "export" ->
                manifest.exports().stream()
                        .filter(e -> e.id().equals(entry.id()))
                        .forEach(e -> export(e, facts));
            case "metric" ->
                manifest.metrics().stream()
                        .filter(m -> m.id().equals(entry.id()))
                        .forEach(m -> metric(m, facts));
            default ->
                manifest.seeds().stream()
                        .filter(s -> s.id().equals(entry.id()))
                        .forEach(s -> facts.put("Table name", s.table()));
        }
        return facts;
    }

    private static void model(ModelNode model, Map<String, String> facts) {
        facts.put("Grain", model.grain());
        facts.put("Unique", String.join(", ", model.unique()));
        facts.put(
                "Built",
                model.materialization()
                        + (model.partition().isEmpty() ? "" : " by " + String.join(", ", model.partition()))
                        + (model.lookbackDays() == 0 ? "" : ", looking back " + model.lookbackDays() + " days"));
        facts.put("Key", String.join(", ", model.key()));
        facts.put("Tracked", String.join(", ", model.tracked()));
        facts.put("Access", model.access());
        facts.put("Stream", model.streamable() ? "the same SQL runs over the stream" : "");
        facts.put("Tags", String.join(", ", model.tags()));
    }

    private static void source(SourceNode source, Map<String, String> facts) {
        facts.put("Table name", source.table());
        facts.put("Partitions", String.join(", ", source.partition()));
        facts.put("Time zone", source.timeZone());
        if (source.isLog()) {
            facts.put("Format", source.format());
            facts.put("Event time", source.eventTime());
            facts.put("Topic", source.topic());
            facts.put(
                    "Files",
                    source.files().stream().map(f -> f.site() + ": " + f.glob()).collect(Collectors.joining(", ")));
            facts.put(
                    "Polls",
                    source.poll() == null
                            ? null
                            : source.poll().connection() + ": " + source.poll().table() + " by "
                                    + source.poll().watermark() + ", every "
                                    + source.poll().every());
            return;
        }
        facts.put("Connection", source.connection());
        facts.put("Format", source.format());
        facts.put("Reads files", source.fetch() == null ? null : source.fetch().path());
        facts.put("Reads table", source.sourceTable());
        facts.put("Mode", source.mode());
        if (source.read() != null) {
            facts.put("Reads tables", source.read().tables());
            facts.put("Watermark", source.read().watermark());
            facts.put("Where", source.read().where());
            facts.put("Engine", source.read().engine());
        }
    }

    private static void counter(CounterNode counter, Map<String, String> facts) {
        facts.put("From", counter.from());
        facts.put("Where", counter.where());
        facts.put("By", String.join(", ", counter.by()));
        facts.put("Windows", String.join(", ", counter.windows()));
        facts.put("Kept", kept(counter));
    }

    private static String kept(CounterNode counter) {
        return counter.windows().stream()
                .map(w -> w + " "
                        + (counter.ttl().containsKey(w)
                                ? DurationText.of(counter.ttl().get(w))
                                : "always"))
                .collect(Collectors.joining(", "));
    }

    private static void export(ExportNode export, Map<String, String> facts) {
        facts.put("From", export.from());
        if (!export.intoTable()) {
            facts.put(
                    "Into Redis",
                    "g:" + export.redis().prefix() + ":…:{" + export.redis().id() + "}");
            return;
        }
        facts.put("Connection", export.connection());
        facts.put("Into table", export.table());
        facts.put("Replaces", export.mode().equals(ExportNode.TABLE) ? "the whole table" : "the day");
        facts.put("Key", String.join(", ", export.key()));
    }

    private static void report(ReportNode report, Map<String, String> facts) {
        facts.put("Title", report.title());
        facts.put("From", report.from());
        facts.put("Reads", report.connection() + "." + report.sourceTable());
    }

    private static void metric(MetricNode metric, Map<String, String> facts) {
        facts.put("From", metric.from());
        facts.put("Time", metric.time());
        facts.put("Dimensions", String.join(", ", metric.dimensions()));
    }

    static Columns columns(Manifest manifest, Entry entry) {
        Columns none = new Columns("", "", "", List.of());
        return switch (entry.kind()) {
            case "model" ->
                manifest.model(entry.name())
                        .map(m -> new Columns("Columns", "Type", m.table(), partitioned(m.columns(), m.partition())))
                        .orElse(none);
            case "source" ->
                manifest.source(entry.name())
                        .map(s -> new Columns("Columns", "Type", s.table(), s.columns()))
                        .orElse(none);
            case "seed" ->
                manifest.seeds().stream()
                        .filter(s -> s.id().equals(entry.id()))
                        .findFirst()
                        .map(s -> new Columns("Columns", "Type", s.table(), s.columns()))
                        .orElse(none);
            case "counter" ->
                manifest.counter(entry.name()).map(NodeFacts::measures).orElse(none);
            case "metric" ->
                manifest.metrics().stream()
                        .filter(m -> m.id().equals(entry.id()))
                        .findFirst()
                        .map(NodeFacts::measures)
                        .orElse(none);
            case "report" ->
                manifest.report(entry.name())
                        .map(r -> new Columns(
                                "Columns",
                                "Title",
                                "",
                                r.columns().stream()
                                        .map(c -> new ColumnNode(
                                                c.name(), c.title(), false, definition(manifest, r, c.name())))
                                        .toList()))
                        .orElse(none);
            default -> none;
        };
    }

    private static String definition(Manifest manifest, ReportNode report, String column) {
        return manifest.model(report.from()).stream()
                .flatMap(m -> m.columns().stream())
                .filter(c -> c.name().equals(column))
                .map(ColumnNode::description)
                .findFirst()
                .orElse("");
    }

    private static Columns measures(CounterNode counter) {
        return new Columns(
                "Measures",
                "Type",
                "",
                counter.measures().stream()
                        .map(m -> new ColumnNode(
                                m.name(),
                                m.type(),
                                false,
                                m.column() == null
                                        ? "of rows"
                                        : "of " + m.column() + (Boolean.TRUE.equals(m.exact()) ? ", exactly" : "")))
                        .toList());
    }

    private static Columns measures(MetricNode metric) {
        return new Columns(
                "Measures",
                "Type",
                "",
                metric.measures().stream()
                        .map(m -> new ColumnNode(m.name(), m.type(), false, m.description()))
                        .toList());
    }

    private static List<ColumnNode> partitioned(List<ColumnNode> columns, List<String> partition) {
        List<ColumnNode> all = new ArrayList<>(columns);
        partition.forEach(p -> all.add(new ColumnNode(p, "string", false, "Partition.")));
        return all;
    }
}
