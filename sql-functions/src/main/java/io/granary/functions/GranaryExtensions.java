package io.granary.functions;

import io.granary.functions.agent.AgentFunctions;
import io.granary.functions.ip.IpFunctions;
import io.granary.functions.log.LogFunctions;
import io.granary.functions.log.PruneColumns;
import io.granary.functions.sketch.SketchFunctions;
import io.granary.functions.url.UrlFunctions;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/** Granary's SQL functions, for every session alike: {@code spark.sql.extensions=io.granary.functions.GranaryExtensions}. */
public final class GranaryExtensions extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {
    /** The functions of each subject. */
    private static final List<List<SqlFunction>> FUNCTIONS =
            List.of(LogFunctions.ALL, UrlFunctions.ALL, AgentFunctions.ALL, IpFunctions.ALL, SketchFunctions.ALL);

    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        functions().forEach(function -> function.register(extensions));
        extensions.injectOptimizerRule(new Pruning());
        return BoxedUnit.UNIT;
    }

    /** All of them, in the order of their subjects. */
    static List<SqlFunction> functions() {
        return FUNCTIONS.stream().flatMap(List::stream).toList();
    }

    private static final class Pruning extends AbstractFunction1<SparkSession, Rule<LogicalPlan>> {
        @Override
        public Rule<LogicalPlan> apply(SparkSession session) {
            return new PruneColumns();
        }
    }
}
