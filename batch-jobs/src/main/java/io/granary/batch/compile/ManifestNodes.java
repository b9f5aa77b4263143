package io.granary.batch.compile;

import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.Edge;
import io.granary.warehouse.manifest.ExportNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.MetricNode;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.ReportNode;
import io.granary.warehouse.manifest.SeedNode;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.manifest.SubjectNode;
import io.granary.warehouse.manifest.TestNode;
import io.granary.warehouse.manifest.UnitTestNode;
import io.granary.warehouse.project.CounterDefinition;
import io.granary.warehouse.project.ExportDefinition;
import io.granary.warehouse.project.FileSource;
import io.granary.warehouse.project.JdbcSource;
import io.granary.warehouse.project.LoadedProject;
import io.granary.warehouse.project.LogSource;
import io.granary.warehouse.project.MetricDefinition;
import io.granary.warehouse.project.ModelDefinition;
import io.granary.warehouse.project.ReportDefinition;
import io.granary.warehouse.project.SeedDefinition;
import io.granary.warehouse.project.SourceDefinition;
import io.granary.warehouse.project.SubjectDefinition;
import io.granary.warehouse.project.UnitTestDefinition;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Writes a checked project as the nodes and edges of its manifest.
 *
 * @param lineage by the model's table, from a column to the columns it is made from
 */
record ManifestNodes(
        LoadedProject project,
        Map<String, ModelQuery> queries,
        Map<String, Map<String, List<String>>> lineage,
        ProjectTables tables,
        Clock clock) {

    /** @param order the models' tables in an order in which they can be built */
    Manifest manifest(List<String> order) {
        List<ModelNode> models = new ArrayList<>();
        project.seeds().forEach(seed -> models.add(SeedModel.of(seed, id(seed), owner(seed.subject()))));
        models.addAll(InputDays.in(
                order.stream()
                        .map(table -> model(tables.model(table).orElseThrow()))
                        .toList(),
                model -> queries.get(model.table()).plan()));
        Manifest draft = manifest(Instant.EPOCH, "", models);
        return manifest(clock.instant().truncatedTo(ChronoUnit.SECONDS), Hashes.sha256(draft.toJson()), models);
    }

    private Manifest manifest(Instant generatedAt, String hash, List<ModelNode> models) {
        return new Manifest(
                Manifest.VERSION,
                project.name(),
                generatedAt,
                hash,
                project.subjects().stream().map(ManifestNodes::subject).toList(),
                project.sources().stream().map(ManifestNodes::source).toList(),
                models,
                project.counters().stream().map(this::counter).toList(),
                project.exports().stream().map(this::export).toList(),
                project.reports().stream().map(this::report).toList(),
                edges(models),
                project.seeds().stream().map(ManifestNodes::seed).toList(),
                project.unitTests().stream().map(this::unitTest).toList(),
                project.metrics().stream().map(this::metric).toList());
    }

    private static SeedNode seed(SeedDefinition seed) {
        return new SeedNode(
                id(seed), seed.subject(), seed.name(), seed.table(), seed.file(), seed.columns(), Hashes.seed(seed));
    }

    private UnitTestNode unitTest(UnitTestDefinition test) {
        return new UnitTestNode(
                id("unit_test", test.model() + "." + test.name()),
                id("model", test.model()),
                test.name(),
                test.origin().file(),
                test.ds(),
                test.given(),
                test.expect());
    }

    private MetricNode metric(MetricDefinition metric) {
        return new MetricNode(
                id("metric", metric.subject() + "." + metric.name()),
                metric.subject(),
                metric.name(),
                metric.description(),
                table(metric.from()),
                metric.time(),
                metric.dimensions(),
                metric.measures());
    }

    /** The declared tests, behind the one that {@code unique} stands for. */
    private List<TestNode> tests(ModelDefinition model) {
        List<TestNode> tests = new ArrayList<>();
        boolean declared = model.tests().stream()
                .anyMatch(t -> t.type().equals("unique") && t.columns().equals(model.unique()));
        if (!declared && !model.isScd2()) {
            String name = "unique_" + String.join("_", model.unique());
            tests.add(new TestNode(
                    "test." + model.name() + "." + name, "unique", model.unique(), Map.of(), null, "fail"));
        }
        model.tests().forEach(test -> tests.add(test.type().equals("relationships") ? toTable(test) : test));
        return tests;
    }

    private TestNode toTable(TestNode test) {
        Map<String, Object> arguments = new LinkedHashMap<>(test.arguments());
        arguments.computeIfPresent("to", (key, name) -> table((String) name));
        return new TestNode(test.id(), test.type(), test.columns(), arguments, test.where(), test.severity());
    }

    private static SubjectNode subject(SubjectDefinition subject) {
        return new SubjectNode(
                subject.name(),
                subject.owner(),
                subject.description(),
                subject.cadence(),
                subject.timeZone(),
                subject.alertGroup());
    }

    private static SourceNode source(SourceDefinition source) {
        if (source instanceof FileSource file) {
            return file(file);
        }
        return source instanceof LogSource log ? log(log) : jdbc((JdbcSource) source);
    }

    private static SourceNode log(LogSource log) {
        return new SourceNode(
                id("source", log.qualifiedName()),
                log.subject(),
                log.name(),
                "log",
                log.description(),
                log.table(),
                List.of("ds", "hh"),
                log.timeZone(),
                log.format(),
                log.eventTime(),
                log.topic(),
                log.inbox(),
                log.files(),
                log.columns(),
                null,
                null,
                null,
                null,
                log.deadline(),
                null,
                null,
                log.poll());
    }

    private static SourceNode jdbc(JdbcSource jdbc) {
        return new SourceNode(
                id("source", jdbc.qualifiedName()),
                jdbc.subject(),
                jdbc.name(),
                "jdbc",
                jdbc.description(),
                jdbc.table(),
                List.of("ds"),
                jdbc.timeZone(),
                null,
                null,
                null,
                null,
                null,
                jdbc.columns(),
                jdbc.connection(),
                jdbc.sourceTable(),
                jdbc.mode(),
                jdbc.splitKey().orElse(null),
                null,
                jdbc.read(),
                null,
                null);
    }

    private static SourceNode file(FileSource file) {
        return new SourceNode(
                id("source", file.qualifiedName()),
                file.subject(),
                file.name(),
                file.type(),
                file.description(),
                file.table(),
                List.of("ds"),
                file.timeZone(),
                file.format(),
                null,
                null,
                null,
                null,
                file.columns(),
                file.connection(),
                null,
                file.mode(),
                null,
                file.deadline(),
                null,
                file.fetch(),
                null);
    }

    private ModelNode model(ModelDefinition model) {
        ModelQuery query = queries.get(model.table());
        return new ModelNode(
                id("model", model.name()),
                model.subject(),
                model.layer().database(),
                model.name(),
                model.table(),
                model.sqlFile(),
                query.sql(),
                model.description(),
                model.owner(),
                model.grain(),
                model.unique(),
                model.partition(),
                model.materialization(),
                model.streamable(),
                model.access(),
                List.copyOf(new TreeSet<>(query.parameters().keySet())),
                inputs(query),
                model.columns(),
                Hashes.model(model, query),
                model.lookback() == 0 ? null : model.lookback(),
                model.key(),
                model.tracked(),
                model.tags(),
                tests(model),
                lineage.getOrDefault(model.table(), Map.of()),
                Map.of());
    }

    private static List<String> inputs(ModelQuery query) {
        return query.tables().keySet().stream()
                .map(parts -> String.join(".", parts))
                .sorted()
                .toList();
    }

    private CounterNode counter(CounterDefinition counter) {
        return counter.node(table(counter.from()));
    }

    private ExportNode export(ExportDefinition export) {
        return new ExportNode(
                exportId(export),
                export.subject(),
                export.name(),
                export.description(),
                table(export.from()),
                export.connection(),
                export.table(),
                export.key(),
                export.mode(),
                export.redis());
    }

    private ReportNode report(ReportDefinition report) {
        ExportDefinition export = project.exportOf(report.from()).orElseThrow();
        return new ReportNode(
                id("report", report.subject() + "." + report.name()),
                report.subject(),
                report.name(),
                report.title(),
                report.description(),
                table(report.from()),
                export.connection(),
                export.table(),
                report.columns());
    }

    private List<Edge> edges(List<ModelNode> models) {
        List<Edge> edges = new ArrayList<>();
        for (ModelNode model : models) {
            model.inputs().forEach(input -> edges.add(new Edge(tableId(input), model.id())));
        }
        project.counters()
                .forEach(c -> edges.add(new Edge(id("model", c.from()), id("counter", c.subject() + "." + c.name()))));
        project.exports().forEach(e -> edges.add(new Edge(id("model", e.from()), exportId(e))));
        project.reports()
                .forEach(r -> edges.add(new Edge(
                        exportId(project.exportOf(r.from()).orElseThrow()),
                        id("report", r.subject() + "." + r.name()))));
        project.metrics()
                .forEach(m -> edges.add(new Edge(id("model", m.from()), id("metric", m.subject() + "." + m.name()))));
        edges.sort(Comparator.comparing(Edge::from).thenComparing(Edge::to));
        return edges;
    }

    private String tableId(String table) {
        return tables.model(table)
                .map(model -> id("model", model.name()))
                .or(() -> tables.seed(table).map(ManifestNodes::id))
                .orElseGet(() -> id("source", tables.source(table).orElseThrow().qualifiedName()));
    }

    private String table(String model) {
        return project.model(model).orElseThrow().table();
    }

    private String owner(String subject) {
        return project.subjects().stream()
                .filter(s -> s.name().equals(subject))
                .findFirst()
                .map(SubjectDefinition::owner)
                .orElse("");
    }

    private static String id(SeedDefinition seed) {
        return id("seed", seed.subject() + "." + seed.name());
    }

    private static String exportId(ExportDefinition export) {
        return id("export", export.subject() + "." + export.name());
    }

    private static String id(String kind, String name) {
        return kind + "." + name;
    }
}
