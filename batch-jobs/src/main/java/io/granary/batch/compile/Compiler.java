package io.granary.batch.compile;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.project.FileSource;
import io.granary.warehouse.project.JdbcSource;
import io.granary.warehouse.project.LoadedProject;
import io.granary.warehouse.project.LogSource;
import io.granary.warehouse.project.ModelDefinition;
import io.granary.warehouse.project.Origin;
import io.granary.warehouse.project.Position;
import io.granary.warehouse.project.Problem;
import io.granary.warehouse.project.Problems;
import io.granary.warehouse.project.ProjectLoader;
import io.granary.warehouse.project.SourceDefinition;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Turns a project into its manifest; needs no cluster, no session and no data. */
public final class Compiler {
    /** The one parameter of models: the day. */
    static final String PARAMETER = "ds";

    private final Clock clock;

    public Compiler(Clock clock) {
        this.clock = clock;
    }

    /**
     * Loads and compiles the project and writes {@code <home>/target/manifest.json}.
     *
     * @throws io.granary.warehouse.error.GranaryException that lists everything that is wrong in the project
     */
    public static Manifest compileAndWrite(Path project, Home home) {
        // Loading Spark's classes and reading the project take about as long: two cores do both at once.
        Thread warm = new Thread(Catalyst::warm, "catalyst-warm-up");
        warm.setDaemon(true);
        warm.start();
        Manifest manifest = new Compiler(Clock.systemUTC()).compile(ProjectLoader.read(project));
        home.prepare();
        manifest.write(home.manifest());
        return manifest;
    }

    /**
     * The project's manifest, its models in an order in which they can be built.
     *
     * @throws io.granary.warehouse.error.GranaryException that lists everything that is wrong: the problems that the
     *     loader found and those of the SQL
     */
    public Manifest compile(LoadedProject project) {
        Problems problems = new Problems();
        problems.addAll(project.problems());
        ModelParser parser = new ModelParser(problems);
        types(project, parser, problems);
        ProjectTables tables = new ProjectTables(project);
        Map<String, ModelQuery> queries = new LinkedHashMap<>();
        for (ModelDefinition model : project.models()) {
            parser.parse(model).ifPresent(query -> {
                new ModelChecks(model, query, tables, problems).check();
                queries.put(model.table(), query);
            });
        }
        ModelOrder order = new ModelOrder(modelInputs(queries));
        cycles(order, tables, queries, problems);
        ProjectAnalysis analysis = new ProjectAnalysis(project, queries, problems);
        LoadedProject typed = analysis.analyze(order.possible());
        problems.throwIfAny(project.root());
        return new ManifestNodes(typed, queries, analysis.lineage(), new ProjectTables(typed), clock)
                .manifest(order.sorted());
    }

    /** Types that the schema lets pass but Spark does not know. */
    private static void types(LoadedProject project, ModelParser parser, Problems problems) {
        project.models().forEach(model -> types(model.columns(), model.origin(), parser, problems));
        for (SourceDefinition source : project.sources()) {
            if (source instanceof LogSource log) {
                types(log.columns(), log.origin(), parser, problems);
            } else if (source instanceof JdbcSource jdbc) {
                types(jdbc.columns(), jdbc.origin(), parser, problems);
            } else if (source instanceof FileSource file) {
                types(file.columns(), file.origin(), parser, problems);
            }
        }
    }

    private static void types(List<ColumnNode> columns, Origin origin, ModelParser parser, Problems problems) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).type() != null
                    && !parser.knowsType(columns.get(i).type())) {
                problems.add(origin.problem(
                        "/columns/" + i + "/type",
                        "type is '" + columns.get(i).type() + "', which Spark does not know",
                        "Use a Spark SQL type."));
            }
        }
    }

    private static Map<String, Set<String>> modelInputs(Map<String, ModelQuery> queries) {
        Map<String, Set<String>> inputs = new TreeMap<>();
        queries.forEach((table, query) -> {
            Set<String> models = new TreeSet<>();
            query.tables().keySet().stream()
                    .map(parts -> String.join(".", parts))
                    // Its own earlier partitions are no reason to wait.
                    .filter(input -> queries.containsKey(input) && !input.equals(table))
                    .forEach(models::add);
            inputs.put(table, models);
        });
        return inputs;
    }

    private static void cycles(
            ModelOrder order, ProjectTables tables, Map<String, ModelQuery> queries, Problems problems) {
        for (List<String> cycle : order.cycles()) {
            String reader = cycle.get(0);
            String read = cycle.get(1);
            Position at = queries.get(reader).tables().get(List.of(read.split("\\.")));
            problems.add(Problem.at(
                    tables.model(reader).orElseThrow().sqlFile(),
                    at,
                    "the models read each other in a circle: " + String.join(" -> ", cycle),
                    "Take one of these reads out."));
        }
    }
}
