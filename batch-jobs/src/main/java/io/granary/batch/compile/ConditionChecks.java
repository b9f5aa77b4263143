package io.granary.batch.compile;

import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.manifest.TestNode;
import io.granary.warehouse.project.CounterDefinition;
import io.granary.warehouse.project.LoadedProject;
import io.granary.warehouse.project.ModelDefinition;
import io.granary.warehouse.project.Origin;
import io.granary.warehouse.project.Problems;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser$;

/** Conditions that stand in YAML files: of data tests and of counters. */
final class ConditionChecks {
    private static final Set<String> WHOLE = Set.of("tinyint", "smallint", "int", "bigint");

    private final Catalyst catalyst;
    private final Set<String> known;
    private final Problems problems;

    /** @param known tables whose columns are known */
    ConditionChecks(Catalyst catalyst, Set<String> known, Problems problems) {
        this.catalyst = catalyst;
        this.known = known;
        this.problems = problems;
    }

    void check(LoadedProject project) {
        project.models().forEach(this::tests);
        project.counters()
                .forEach(counter -> project.model(counter.from()).ifPresent(model -> counter(counter, model)));
    }

    private void tests(ModelDefinition model) {
        Map<String, String> pointers = model.testPointers();
        for (TestNode test : model.tests()) {
            String pointer = pointers.get(test.id());
            if (test.where() != null) {
                condition(model, test.where(), model.origin(), pointer + "/where");
            }
            if (test.type().equals("expression")) {
                String text = (String) test.arguments().get("expression");
                condition(model, text, model.origin(), pointer + "/expression");
            }
        }
    }

    private void counter(CounterDefinition counter, ModelDefinition model) {
        sums(counter, model);
        counter.where().ifPresent(where -> condition(model, where, counter.origin(), "/where"));
        Optional<ColumnNode> time = model.columns().stream()
                .filter(column -> column.name().equals(counter.time()) && column.type() != null)
                .findFirst();
        if (time.isPresent() && !time.get().type().equals("timestamp")) {
            problems.add(counter.origin()
                    .problem(
                            "/time",
                            "column '" + counter.time() + "' is of type "
                                    + time.get().type(),
                            "The time must be a timestamp."));
        }
    }

    private void sums(CounterDefinition counter, ModelDefinition model) {
        for (int i = 0; i < counter.measures().size(); i++) {
            MeasureNode measure = counter.measures().get(i);
            String pointer = "/measures/" + i + "/column";
            model.columns().stream()
                    .filter(column -> measure.type().equals("sum")
                            && column.name().equals(measure.column())
                            && column.type() != null
                            && !WHOLE.contains(column.type()))
                    .forEach(column -> problems.add(counter.origin()
                            .problem(
                                    pointer,
                                    "measure '" + measure.name() + "' sums a column of type " + column.type(),
                                    "Counters add whole numbers: give the model one in the smallest unit, such as"
                                            + " cents.")));
        }
    }

    private void condition(ModelDefinition model, String text, Origin origin, String pointer) {
        if (!known.contains(model.table())) {
            return;
        }
        try {
            check("SELECT 1 AS one FROM " + model.table() + " AS t WHERE (" + text + "\n)");
        } catch (AnalysisException e) {
            problems.add(origin.problem(pointer, ProjectAnalysis.message(e), ModelParser.hint(e)));
        } catch (UnsupportedOperationException e) {
            // The Analyzer looks for a function it does not know in catalogs that are not here.
            problems.add(origin.problem(pointer, Catalyst.UNKNOWN_FUNCTION, "Functions are Spark's and Granary's."));
        } catch (RuntimeException e) {
            if (!(e instanceof SparkThrowable)) {
                throw e;
            }
            String said = e.getMessage() == null ? "the condition cannot be read: " + text : ProjectAnalysis.message(e);
            problems.add(origin.problem(pointer, said, ""));
        }
    }

    /** Scala does not declare the exception; Java must hear of it. */
    private void check(String sql) throws AnalysisException {
        catalyst.analyze(CatalystSqlParser$.MODULE$.parsePlan(sql), Map.of());
    }
}
