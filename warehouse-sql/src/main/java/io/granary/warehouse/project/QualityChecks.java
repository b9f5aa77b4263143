package io.granary.warehouse.project;

import io.granary.warehouse.manifest.MetricMeasure;
import io.granary.warehouse.manifest.TestNode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Names that data tests, unit tests and metrics use: models, tables, columns. */
final class QualityChecks {
    private final ProjectLoader.Draft draft;
    private final NameChecks names;
    private final Problems problems;
    /** Columns of the tables whose columns are known, by {@code database.table}. */
    private final Map<String, List<String>> columns = new TreeMap<>();

    private final Set<String> tables = new TreeSet<>();

    QualityChecks(ProjectLoader.Draft draft, NameChecks names, Problems problems) {
        this.draft = draft;
        this.names = names;
        this.problems = problems;
        draft.models.forEach(model -> columns.put(model.table(), model.columnNames()));
        draft.seeds.forEach(seed -> columns.put(seed.table(), NameChecks.names(seed.columns())));
        for (SourceDefinition source : draft.sources) {
            tables.add(source.table());
            if (source instanceof LogSource log) {
                List<String> all = new ArrayList<>(LogSource.RESERVED);
                all.addAll(NameChecks.names(log.columns()));
                columns.put(log.table(), all);
            } else if (source instanceof JdbcSource jdbc && !jdbc.columns().isEmpty()) {
                List<String> all = new ArrayList<>(NameChecks.names(jdbc.columns()));
                all.add("ds");
                columns.put(jdbc.table(), all);
            } else if (source instanceof FileSource file) {
                List<String> all = new ArrayList<>(NameChecks.names(file.columns()));
                all.add("ds");
                columns.put(file.table(), all);
            }
        }
        tables.addAll(columns.keySet());
    }

    void check() {
        draft.models.forEach(this::tests);
        draft.unitTests.forEach(this::unitTest);
        draft.metrics.forEach(this::metric);
    }

    private void tests(ModelDefinition model) {
        Map<String, String> pointers = model.testPointers();
        for (TestNode test : model.tests()) {
            String pointer = pointers.get(test.id());
            for (String column : test.columns()) {
                names.column(model.origin(), pointer, column, model.columnNames());
            }
            if (test.type().equals("relationships")) {
                relationship(model, test, pointer + "/relationships");
            }
        }
    }

    private void relationship(ModelDefinition model, TestNode test, String pointer) {
        String to = (String) test.arguments().get("to");
        String field = (String) test.arguments().get("field");
        names.model(model.origin(), pointer + "/to", to)
                .ifPresent(other -> names.column(model.origin(), pointer + "/field", field, other.columnNames()));
    }

    private void unitTest(UnitTestDefinition test) {
        Origin origin = test.origin();
        try {
            LocalDate.parse(test.ds());
        } catch (DateTimeException e) {
            problems.add(origin.problem("/ds", "ds is '" + test.ds() + "'", "A day, such as 2026-11-01."));
        }
        Optional<ModelDefinition> model = names.model(origin, "", test.model());
        if (model.isEmpty()) {
            return;
        }
        test.given().forEach((table, rows) -> {
            String pointer = Origin.child("/given", table);
            if (columns.containsKey(table)) {
                rows(origin, pointer, rows, columns.get(table));
            } else if (!tables.contains(table) && !draft.brokenTables.contains(table)) {
                problems.add(Problem.at(
                        origin.file(),
                        origin.key(pointer),
                        "no table " + table + " in the project",
                        Suggestion.of(table, tables, "Tables come from sources, seeds and models.")));
            }
        });
        rows(origin, "/expect", test.expect(), model.get().columnNames());
    }

    private void rows(Origin origin, String pointer, List<Map<String, Object>> rows, List<String> known) {
        for (int i = 0; i < rows.size(); i++) {
            for (String column : rows.get(i).keySet()) {
                String at = Origin.child(pointer + "/" + i, column);
                if (!known.contains(column)) {
                    problems.add(Problem.at(
                            origin.file(),
                            origin.key(at),
                            "no column '" + column + "'",
                            NameChecks.hint(column, known)));
                }
            }
        }
    }

    private void metric(MetricDefinition metric) {
        Optional<ModelDefinition> from = names.model(metric.origin(), "/from", metric.from());
        if (from.isEmpty()) {
            return;
        }
        ModelDefinition model = from.get();
        if (!model.subject().equals(metric.subject()) && !model.access().equals("public")) {
            problems.add(metric.origin()
                    .problem(
                            "/from",
                            "model '" + model.name() + "' is private to subject '" + model.subject() + "'",
                            "Use a public one, or set access: public there."));
        }
        List<String> known = model.columnNames();
        names.column(metric.origin(), "/time", metric.time(), known);
        for (int i = 0; i < metric.dimensions().size(); i++) {
            names.column(
                    metric.origin(), "/dimensions/" + i, metric.dimensions().get(i), known);
        }
        measures(metric, known);
    }

    private void measures(MetricDefinition metric, List<String> known) {
        names.once(
                metric.origin(),
                "/measures",
                "measure",
                metric.measures().stream().map(MetricMeasure::name).toList());
        Map<String, String> types = new HashMap<>();
        for (int i = 0; i < metric.measures().size(); i++) {
            MetricMeasure measure = metric.measures().get(i);
            types.putIfAbsent(measure.name(), measure.type());
            if (measure.column() != null) {
                names.column(metric.origin(), "/measures/" + i + "/column", measure.column(), known);
            }
        }
        for (int i = 0; i < metric.measures().size(); i++) {
            MetricMeasure measure = metric.measures().get(i);
            if (measure.type().equals("ratio")) {
                part(metric, "/measures/" + i + "/numerator", measure.numerator(), types);
                part(metric, "/measures/" + i + "/denominator", measure.denominator(), types);
            }
        }
    }

    private void part(MetricDefinition metric, String pointer, String name, Map<String, String> types) {
        String type = types.get(name);
        if (type == null || !(type.equals("sum") || type.equals("count"))) {
            problems.add(metric.origin()
                    .problem(
                            pointer,
                            type == null
                                    ? "no measure '" + name + "' in the metric"
                                    : "measure '" + name + "' is a " + type,
                            "A ratio is the sum of one sum or count over that of another."));
        }
    }
}
