package io.granary.batch.compile;

import io.granary.warehouse.manifest.TestNode;
import io.granary.warehouse.project.ModelDefinition;
import io.granary.warehouse.project.Problem;
import io.granary.warehouse.project.Problems;
import java.util.Map;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/** Data tests that are SQL files: analyzed as models are. */
final class SqlTestChecks {
    private static final String PLACEHOLDER = "{this}";
    /** As long as the placeholder, so that positions in the file stay true. */
    private static final String TABLE = "a.this";

    private final Catalyst catalyst;
    private final Map<String, String> parameters;
    private final Problems problems;
    private final ModelParser parser;

    SqlTestChecks(Catalyst catalyst, Map<String, String> parameters, Problems problems) {
        this.catalyst = catalyst;
        this.parameters = parameters;
        this.problems = problems;
        this.parser = new ModelParser(problems);
    }

    void check(ModelDefinition model) {
        for (TestNode test : model.tests()) {
            if (test.arguments().get("sql") instanceof String sql && catalyst.rename(model.table(), TABLE)) {
                check(String.valueOf(test.arguments().get("file")), SqlText.of(sql.replace(PLACEHOLDER, TABLE)));
            }
        }
    }

    private void check(String file, SqlText text) {
        try {
            analyze(file, parser.plan(text.statement()));
        } catch (AnalysisException e) {
            report(file, e);
        }
    }

    private void analyze(String file, LogicalPlan plan) {
        try {
            catalyst.analyze(plan, parameters);
        } catch (AnalysisException e) {
            QueryFaults.of(plan, e, catalyst, parameters).forEach(fault -> report(file, fault.said()));
        } catch (UnsupportedOperationException e) {
            problems.add(new Problem(file, 1, 1, Catalyst.UNKNOWN_FUNCTION, "Functions are Spark's and Granary's."));
        }
    }

    private void report(String file, AnalysisException e) {
        problems.add(Problem.at(
                file,
                ModelParser.position(e.line(), e.startPosition()),
                ProjectAnalysis.message(e).replace(TABLE, PLACEHOLDER),
                ModelParser.hint(e)));
    }
}
