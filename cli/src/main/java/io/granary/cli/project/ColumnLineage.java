package io.granary.cli.project;

import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.ExportNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.MetricNode;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.ReportNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * From which columns a column is made and where it goes. A column is {@code database.table.column}; at the end stand
 * counters, metrics, exports and reports, by words such as {@code report traffic.overview "Page views"}.
 */
public final class ColumnLineage {
    private final Map<String, Set<String>> inputs = new LinkedHashMap<>();
    private final Map<String, Set<String>> readers = new LinkedHashMap<>();

    public ColumnLineage(Manifest manifest) {
        for (ModelNode model : manifest.models()) {
            model.lineage().forEach((column, from) -> from.forEach(f -> edge(f, model.table() + "." + column)));
        }
        manifest.counters().forEach(this::counter);
        manifest.metrics().forEach(this::metric);
        for (ExportNode export : manifest.exports()) {
            manifest.model(export.from()).ifPresent(model -> export(model, export, manifest.reports()));
        }
    }

    /** The columns it is made from, directly. */
    public List<String> inputs(String column) {
        return List.copyOf(inputs.getOrDefault(column, Set.of()));
    }

    /** Who is made from it, directly. */
    public List<String> readers(String column) {
        return List.copyOf(readers.getOrDefault(column, Set.of()));
    }

    private void counter(CounterNode counter) {
        String name = "counter " + counter.qualifiedName();
        counter.by().forEach(by -> edge(counter.from() + "." + by, name + " by " + by));
        counter.measures().stream()
                .filter(m -> m.column() != null)
                .forEach(m -> edge(counter.from() + "." + m.column(), name + " measure " + m.name()));
        edge(counter.from() + "." + counter.time(), name + " time");
        if (counter.where() != null) {
            Pattern.compile("[A-Za-z_][A-Za-z_0-9]*")
                    .matcher(counter.where())
                    .results()
                    .forEach(word -> edge(counter.from() + "." + word.group(), name + " where"));
        }
    }

    private void metric(MetricNode metric) {
        String name = "metric " + metric.qualifiedName();
        metric.dimensions().forEach(d -> edge(metric.from() + "." + d, name + " by " + d));
        metric.measures().stream()
                .filter(m -> m.column() != null)
                .forEach(m -> edge(metric.from() + "." + m.column(), name + " measure " + m.name()));
    }

    private void export(ModelNode model, ExportNode export, List<ReportNode> reports) {
        List<String> columns = new java.util.ArrayList<>(
                model.columns().stream().map(ColumnNode::name).toList());
        columns.addAll(model.partition());
        for (String column : columns) {
            String exported = "export " + export.subject() + "." + export.name() + " column " + column;
            edge(model.table() + "." + column, exported);
            for (ReportNode report : reports) {
                if (report.from().equals(model.table())
                        && export.intoTable()
                        && report.sourceTable().equals(export.table())) {
                    report.columns().stream()
                            .filter(c -> c.name().equals(column))
                            .forEach(
                                    c -> edge(exported, "report " + report.qualifiedName() + " \"" + c.title() + "\""));
                }
            }
        }
    }

    private void edge(String from, String to) {
        inputs.computeIfAbsent(to, k -> new LinkedHashSet<>()).add(from);
        readers.computeIfAbsent(from, k -> new LinkedHashSet<>()).add(to);
    }
}
