package io.granary.warehouse.project;

import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.manifest.ReportColumn;
import java.util.List;
import java.util.Optional;

/** Counters, exports and reports: the models and columns they are made from. */
record ServingChecks(ProjectLoader.Draft draft, NameChecks names, Problems problems) {

    void check() {
        draft.counters.forEach(this::counter);
        draft.counters.forEach(counter -> new CounterChecks(counter, problems).check());
        draft.exports.forEach(this::export);
        draft.reports.forEach(this::report);
    }

    private void counter(CounterDefinition counter) {
        Optional<ModelDefinition> from = names.model(counter.origin(), "/from", counter.from());
        names.once(
                counter.origin(),
                "/measures",
                "measure",
                counter.measures().stream().map(MeasureNode::name).toList());
        if (from.isEmpty()) {
            return;
        }
        ModelDefinition model = from.get();
        if (!model.streamable()) {
            problems.add(counter.origin()
                    .problem(
                            "/from",
                            "model '" + model.name() + "' is not streamable",
                            "Count over a DWD model with streamable: true."));
        }
        names.columns(counter.origin(), "/by", counter.by(), model);
        names.column(counter.origin(), "/time", counter.time(), model.columnNames());
        model.columns().stream()
                .filter(column -> column.name().equals(counter.time()))
                .forEach(column -> names.timestamp(counter.origin(), "/time", column));
        for (int i = 0; i < counter.measures().size(); i++) {
            String column = counter.measures().get(i).column();
            if (column != null) {
                names.column(counter.origin(), "/measures/" + i + "/column", column, model.columnNames());
            }
        }
    }

    private void export(ExportDefinition export) {
        names.model(export.origin(), "/from", export.from()).ifPresent(model -> {
            names.columns(export.origin(), "/key", export.key(), model);
            if (!export.intoTable()) {
                names.column(export.origin(), "/redis/id", export.redis().id(), model.columnNames());
            }
        });
    }

    private void report(ReportDefinition report) {
        Optional<ModelDefinition> from = names.model(report.origin(), "/from", report.from());
        List<String> columns = report.columns().stream().map(ReportColumn::name).toList();
        names.once(report.origin(), "/columns", "column", columns);
        if (from.isEmpty()) {
            return;
        }
        if (!draft.hasBrokenExports
                && draft.exports.stream()
                        .noneMatch(export -> export.intoTable() && export.from().equals(report.from()))) {
            problems.add(report.origin()
                    .problem(
                            "/from",
                            "model '" + report.from() + "' is not exported",
                            "Reports read the sharing layer: add an export of it."));
        }
        for (int i = 0; i < columns.size(); i++) {
            names.column(
                    report.origin(),
                    "/columns/" + i + "/name",
                    columns.get(i),
                    from.get().columnNames());
        }
    }
}
