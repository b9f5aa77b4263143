package io.granary.functions.log;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Generate;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.runtime.AbstractPartialFunction;

/**
 * Takes columns out of {@link LineRows} that nobody reads. It looks only at a projection straight above, or with filters
 * between: both read by name, and what the projection gives does not change, so nothing above it can notice. Spark's own
 * rules put such a projection there whenever something above reads less than all.
 */
public final class PruneColumns extends Rule<LogicalPlan> {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return (LogicalPlan) plan.transformDown(new Pruning());
    }

    private static final class Pruning extends AbstractPartialFunction<LogicalPlan, LogicalPlan> {
        @Override
        public boolean isDefinedAt(LogicalPlan plan) {
            return plan instanceof Project project && pruned(project.child(), project.references()) != null;
        }

        @Override
        public LogicalPlan apply(LogicalPlan plan) {
            Project project = (Project) plan;
            return new Project(project.projectList(), pruned(project.child(), project.references()));
        }
    }

    /** The plan without columns that are not among {@code read}; null when there are none to take out. */
    private static LogicalPlan pruned(LogicalPlan plan, AttributeSet read) {
        if (plan instanceof Filter filter) {
            LogicalPlan child = pruned(filter.child(), read.$plus$plus(filter.references()));
            return child == null ? null : new Filter(filter.condition(), child);
        }
        if (!(plan instanceof Generate generate) || !(generate.generator() instanceof LineRows rows)) {
            return null;
        }
        List<Attribute> kept = new ArrayList<>();
        StructType schema = new StructType();
        Seq<Attribute> output = generate.generatorOutput();
        for (int i = 0; i < output.size(); i++) {
            if (read.contains(output.apply(i))) {
                kept.add(output.apply(i));
                schema = schema.add(rows.elementSchema().fields()[i]);
            }
        }
        if (kept.size() == output.size()) {
            return null;
        }
        return new Generate(
                rows.with(schema),
                generate.unrequiredChildIndex(),
                generate.outer(),
                generate.qualifier(),
                JavaConverters.asScalaBuffer(kept).toSeq(),
                generate.child());
    }
}
