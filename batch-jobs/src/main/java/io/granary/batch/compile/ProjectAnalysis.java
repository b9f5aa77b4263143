package io.granary.batch.compile;

import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.project.FileSource;
import io.granary.warehouse.project.JdbcSource;
import io.granary.warehouse.project.LoadedProject;
import io.granary.warehouse.project.LogSource;
import io.granary.warehouse.project.ModelDefinition;
import io.granary.warehouse.project.Position;
import io.granary.warehouse.project.Problem;
import io.granary.warehouse.project.Problems;
import io.granary.warehouse.project.SeedDefinition;
import io.granary.warehouse.project.SourceDefinition;
import io.granary.warehouse.project.Suggestion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser$;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * Type-checks the models of a project in the order in which they are built. A model that fails is read with its declared
 * columns; a table whose columns nobody knows (a jdbc source that declares none) leaves its readers unchecked.
 */
final class ProjectAnalysis {
    /** Any day and hour: no type depends on them. */
    private static final Map<String, String> PARAMETERS = Map.of("ds", "2000-01-01", "hh", "00");

    private static final Map<String, String> LOG_TYPES =
            Map.of("line_offset", "bigint", "line_number", "bigint", "collected_at", "timestamp");

    private final LoadedProject project;
    private final Map<String, ModelQuery> queries;
    private final Problems problems;
    private final Map<String, StructType> schemas = new HashMap<>();
    private final Map<String, List<String>> partitions = new HashMap<>();
    private final Map<String, Map<String, List<String>>> lineage = new LinkedHashMap<>();
    private final Catalyst catalyst = new Catalyst(schemas);

    ProjectAnalysis(LoadedProject project, Map<String, ModelQuery> queries, Problems problems) {
        this.project = project;
        this.queries = queries;
        this.problems = problems;
        project.sources().forEach(this::source);
        project.seeds().forEach(this::seed);
    }

    /** From a model's table to its columns' lineage; known after {@link #analyze}. */
    Map<String, Map<String, List<String>>> lineage() {
        return lineage;
    }

    /**
     * The project with the types that its YAML leaves out.
     *
     * @param order the models' tables, each after what it reads
     */
    LoadedProject analyze(List<String> order) {
        Map<String, ModelDefinition> models = new HashMap<>();
        project.models().forEach(model -> models.putIfAbsent(model.table(), model));
        // Models that cannot be parsed, and those of a cycle, are read as they are declared.
        models.values().forEach(this::declare);
        for (String table : order) {
            ModelDefinition typed = analyze(models.get(table), queries.get(table));
            models.put(table, typed);
            declare(typed);
        }
        LoadedProject typed = project.withModels(project.models().stream()
                .map(model -> models.get(model.table()))
                .toList());
        new ConditionChecks(catalyst, schemas.keySet(), problems).check(typed);
        SqlTestChecks sqlTests = new SqlTestChecks(catalyst, PARAMETERS, problems);
        typed.models().forEach(sqlTests::check);
        return typed;
    }

    private ModelDefinition analyze(ModelDefinition model, ModelQuery query) {
        if (!functionsExist(model, query) || !inputsAreKnown(query)) {
            requireTypes(model, query);
            return model;
        }
        try {
            LogicalPlan plan = catalyst.analyze(query.plan(), PARAMETERS);
            new PartitionFilters(model, query, plan, partitions, problems).check();
            List<Attribute> output = Catalyst.list(plan.output());
            lineage.put(model.table(), new Lineage(plan).columns());
            return typed(model, query, output);
        } catch (AnalysisException e) {
            QueryFaults.of(query.plan(), e, catalyst, PARAMETERS)
                    .forEach(fault ->
                            report(model, fault.position(), message(fault.said()), ModelParser.hint(fault.said())));
        } catch (UnsupportedOperationException e) {
            // The Analyzer looks for a function it does not know in catalogs that are not here.
            report(model, Position.START, Catalyst.UNKNOWN_FUNCTION, "Functions are Spark's and Granary's.");
        } catch (RuntimeException e) {
            if (!(e instanceof SparkThrowable) || e.getMessage() == null) {
                throw e;
            }
            report(model, Position.START, message(e), "");
        }
        return model;
    }

    /** In the words of the file, which has parameters where the plan has values. */
    static String message(Exception e) {
        return ModelParser.message(e).replace(PARAMETERS.get("ds"), ":ds");
    }

    private boolean functionsExist(ModelDefinition model, ModelQuery query) {
        boolean all = true;
        for (Map.Entry<String, Position> function : query.functions().entrySet()) {
            String name = function.getKey().toLowerCase(java.util.Locale.ROOT);
            if (!catalyst.hasFunction(name)) {
                all = false;
                report(
                        model,
                        function.getValue(),
                        "no function " + name,
                        Suggestion.of(name, catalyst.functionNames(), "Functions are Spark's and Granary's."));
            }
        }
        return all;
    }

    private boolean inputsAreKnown(ModelQuery query) {
        boolean declared = PARAMETERS.keySet().containsAll(query.parameters().keySet());
        return declared
                && query.tables().keySet().stream()
                        .map(parts -> String.join(".", parts))
                        .allMatch(schemas::containsKey);
    }

    /** A type that is left out must be inferred, which takes inputs that are known. */
    private void requireTypes(ModelDefinition model, ModelQuery query) {
        Set<String> unknown = new TreeSet<>();
        query.tables().keySet().forEach(parts -> unknown.add(String.join(".", parts)));
        unknown.removeAll(schemas.keySet());
        unknown.retainAll(
                project.sources().stream().map(SourceDefinition::table).toList());
        if (unknown.isEmpty()) {
            return;
        }
        for (int i = 0; i < model.columns().size(); i++) {
            if (model.columns().get(i).type() == null) {
                problems.add(model.origin()
                        .problem(
                                "/columns/" + i,
                                "the type of column '" + model.columns().get(i).name() + "' cannot be inferred",
                                "Write it, or declare the columns of " + String.join(", ", unknown) + "."));
            }
        }
    }

    /** Compares what the SQL yields with what is declared, and fills in the types that are left out. */
    private ModelDefinition typed(ModelDefinition model, ModelQuery query, List<Attribute> output) {
        List<String> yielded = output.stream().map(Attribute::name).toList();
        List<String> declared = model.columns().stream().map(ColumnNode::name).toList();
        if (!yielded.equals(declared)) {
            if (query.columns().isEmpty()) {
                report(
                        model,
                        Position.START,
                        "the SELECT yields (" + String.join(", ", yielded) + ")",
                        "The YAML declares (" + String.join(", ", declared) + "); make them equal, in order.");
            }
            return model;
        }
        List<ColumnNode> columns = new ArrayList<>();
        for (int i = 0; i < output.size(); i++) {
            columns.add(typed(model, i, output.get(i)));
        }
        return model.withColumns(columns);
    }

    private ColumnNode typed(ModelDefinition model, int index, Attribute yielded) {
        ColumnNode column = model.columns().get(index);
        String type = yielded.dataType().catalogString();
        if (column.type() == null) {
            if (type.contains("void")) {
                report(
                        model,
                        Position.START,
                        "column '" + column.name() + "' has no type: " + type,
                        "CAST it in the SQL.");
            }
            return new ColumnNode(column.name(), type, column.required(), column.description());
        }
        Optional<DataType> declared = type(column.type());
        if (declared.isPresent() && !DataType.equalsIgnoreNullability(declared.get(), yielded.dataType())) {
            problems.add(model.origin()
                    .problem(
                            "/columns/" + index + "/type",
                            "column '" + column.name() + "' is declared as " + column.type() + ", the SQL yields "
                                    + type,
                            "CAST it in the SQL, or declare it as it is."));
        }
        return column;
    }

    private void source(SourceDefinition source) {
        List<ColumnNode> columns = new ArrayList<>();
        if (source instanceof LogSource log) {
            LogSource.RESERVED.stream()
                    .filter(name -> !name.equals("ds") && !name.equals("hh"))
                    .forEach(name ->
                            columns.add(new ColumnNode(name, LOG_TYPES.getOrDefault(name, "string"), false, "")));
            columns.addAll(log.columns());
            declare(source.table(), columns, List.of("ds", "hh"));
        } else if (source instanceof JdbcSource jdbc && !jdbc.columns().isEmpty()) {
            declare(source.table(), jdbc.columns(), List.of("ds"));
        } else if (source instanceof FileSource file) {
            declare(source.table(), file.columns(), List.of("ds"));
        }
    }

    private void seed(SeedDefinition seed) {
        declare(seed.table(), seed.columns(), List.of());
    }

    private void declare(ModelDefinition model) {
        List<ColumnNode> columns = new ArrayList<>(model.columns());
        if (model.isScd2()) {
            columns.addAll(ModelDefinition.VERSION_COLUMNS);
        }
        declare(model.table(), columns, model.partition());
    }

    /** Makes the table known; not when a type is missing or none that Spark knows. */
    private void declare(String table, List<ColumnNode> columns, List<String> partition) {
        StructType schema = new StructType();
        for (ColumnNode column : columns) {
            Optional<DataType> type = column.type() == null ? Optional.empty() : type(column.type());
            if (type.isEmpty()) {
                return;
            }
            schema = schema.add(column.name(), type.get());
        }
        Set<String> names = new HashSet<>(List.of(schema.fieldNames()));
        for (String name : partition) {
            schema = names.contains(name) ? schema : schema.add(name, "string");
        }
        schemas.put(table, schema);
        partitions.put(table, partition);
    }

    private static Optional<DataType> type(String text) {
        try {
            return Optional.of(CatalystSqlParser$.MODULE$.parseDataType(text));
        } catch (Exception e) {
            return Optional.empty();
        }
    }

    private void report(ModelDefinition model, Position position, String what, String hint) {
        problems.add(Problem.at(model.sqlFile(), position, what, hint));
    }
}
