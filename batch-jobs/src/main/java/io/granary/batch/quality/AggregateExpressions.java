package io.granary.batch.quality;

import java.util.List;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.analysis.FunctionRegistry;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser$;
import scala.Option;
import scala.collection.JavaConverters;

/** Tells expressions over a row from those over all rows. */
final class AggregateExpressions {
    private AggregateExpressions() {}

    /** Whether one of Spark's aggregate functions is called; false for what does not parse: running it tells why. */
    static boolean contains(String sql) {
        try {
            return contains(CatalystSqlParser$.MODULE$.parseExpression(sql));
        } catch (Exception e) {
            return false;
        }
    }

    private static boolean contains(Expression expression) {
        if (expression instanceof UnresolvedFunction call && isAggregate(call)) {
            return true;
        }
        List<Expression> children = JavaConverters.seqAsJavaList(expression.children());
        return children.stream().anyMatch(AggregateExpressions::contains);
    }

    private static boolean isAggregate(UnresolvedFunction call) {
        Option<ExpressionInfo> known = FunctionRegistry.builtin()
                .lookupFunction(new FunctionIdentifier(call.nameParts().last()));
        return known.isDefined() && "agg_funcs".equals(known.get().getGroup());
    }
}
