package io.granary.warehouse.project;

import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.MetricMeasure;
import io.granary.warehouse.manifest.TestNode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Names that data tests, unit tests and metrics use: models, tables, columns. */
final class QualityChecks {
    private final ProjectLoader.Draft draft;
    private final Map<String, ModelDefinition> models;
    private final Problems problems;
    /** Columns of the tables whose columns are known, by {@code database.table}. */
    private final Map<String, List<String>> columns = new TreeMap<>();

    private final Set<String> tables = new TreeSet<>();

    QualityChecks(ProjectLoader.Draft draft, Map<String, ModelDefinition> models, Problems problems) {
        this.draft = draft;
        this.models = models;
        this.problems = problems;
        draft.models.forEach(model -> columns.put(model.table(), model.columnNames()));
        draft.seeds.forEach(seed -> columns.put(seed.table(), names(seed.columns())));
        for (SourceDefinition source : draft.sources) {
            tables.add(source.table());
            if (source instanceof LogSource log) {
                List<String> all = new ArrayList<>(LogSource.RESERVED);
                all.addAll(names(log.columns()));
                columns.put(log.table(), all);
            } else if (source instanceof JdbcSource jdbc && !jdbc.columns().isEmpty()) {
                List<String> all = new ArrayList<>(names(jdbc.columns()));
                all.add("ds");
                columns.put(jdbc.table(), all);
            } else if (source instanceof FileSource file) {
                List<String> all = new ArrayList<>(names(file.columns()));
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
                known(model.origin(), pointer, column, model.columnNames());
            }
            if (test.type().equals("relationships")) {
                relationship(model, test, pointer + "/relationships");
            }
        }
    }

    private void relationship(ModelDefinition model, TestNode test, String pointer) {
        String to = (String) test.arguments().get("to");
        ModelDefinition other = models.get(to);
        if (other != null) {
            known(model.origin(), pointer + "/field", (String) test.arguments().get("field"), other.columnNames());
        } else if (!isBroken(to)) {
            noModel(model.origin(), pointer + "/to", to);
        }
    }

    private void unitTest(UnitTestDefinition test) {
        Origin origin = test.origin();
        try {
            LocalDate.parse(test.ds());
        } catch (DateTimeException e) {
            problems.add(origin.problem("/ds", "ds is '" + test.ds() + "'", "A day, such as 2026-11-01."));
        }
        ModelDefinition model = models.get(test.model());
        if (model == null) {
            if (!isBroken(test.model())) {
                noModel(origin, "", test.model());
            }
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
        rows(origin, "/expect", test.expect(), model.columnNames());
    }

    private void rows(Origin origin, String pointer, List<Map<String, Object>> rows, List<String> known) {
        for (int i = 0; i < rows.size(); i++) {
            for (String column : rows.get(i).keySet()) {
                String at = Origin.child(pointer + "/" + i, column);
                if (!known.contains(column)) {
                    problems.add(Problem.at(
                            origin.file(), origin.key(at), "no column '" + column + "'", hint(column, known)));
                }
            }
        }
    }

    private void metric(MetricDefinition metric) {
        ModelDefinition model = models.get(metric.from());
        if (model == null) {
            if (!isBroken(metric.from())) {
                noModel(metric.origin(), "/from", metric.from());
            }
            return;
        }
        if (!model.subject().equals(metric.subject()) && !model.access().equals("public")) {
            problems.add(metric.origin()
                    .problem(
                            "/from",
                            "model '" + model.name() + "' is private to subject '" + model.subject() + "'",
                            "Use a public one, or set access: public there."));
        }
        List<String> known = model.columnNames();
        known(metric.origin(), "/time", metric.time(), known);
        for (int i = 0; i < metric.dimensions().size(); i++) {
            known(metric.origin(), "/dimensions/" + i, metric.dimensions().get(i), known);
        }
        measures(metric, known);
    }

    private void measures(MetricDefinition metric, List<String> known) {
        Map<String, String> types = new HashMap<>();
        for (int i = 0; i < metric.measures().size(); i++) {
            MetricMeasure measure = metric.measures().get(i);
            if (types.putIfAbsent(measure.name(), measure.type()) != null) {
                problems.add(metric.origin()
                        .problem(
                                "/measures/" + i + "/name",
                                "measure '" + measure.name() + "' is defined twice",
                                "Give one of them another name."));
            }
            if (measure.column() != null) {
                known(metric.origin(), "/measures/" + i + "/column", measure.column(), known);
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

    private void known(Origin origin, String pointer, String column, List<String> known) {
        if (!known.contains(column)) {
            problems.add(origin.problem(pointer, "no column '" + column + "'", hint(column, known)));
        }
    }

    private static String hint(String column, List<String> known) {
        return Suggestion.of(
                column, known, "Columns: " + String.join(", ", new java.util.LinkedHashSet<>(known)) + ".");
    }

    private void noModel(Origin origin, String pointer, String name) {
        problems.add(origin.problem(
                pointer,
                "no model '" + name + "' in the project",
                Suggestion.of(name, new TreeSet<>(models.keySet()), "Name a model without its database.")));
    }

    private boolean isBroken(String name) {
        return draft.brokenTables.stream().anyMatch(table -> table.endsWith("." + name));
    }

    private static List<String> names(List<ColumnNode> columns) {
        return columns.stream().map(ColumnNode::name).toList();
    }
}
