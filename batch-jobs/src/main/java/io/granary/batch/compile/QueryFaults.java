package io.granary.batch.compile;

import io.granary.warehouse.project.Position;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal$;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedWith;
import org.apache.spark.sql.catalyst.trees.Origin;
import org.apache.spark.sql.types.DataTypes;
import scala.Option;
import scala.Tuple2;
import scala.collection.Seq;
import scala.runtime.AbstractFunction1;

/**
 * All that the Analyzer has against a query, though it stops at the first: what it names is replaced by NULL, which fits
 * everywhere, and it is asked again.
 */
final class QueryFaults {
    private static final int MOST = 50;

    private final Catalyst catalyst;
    private final Map<String, String> parameters;
    private final List<Fault> faults = new ArrayList<>();

    private QueryFaults(Catalyst catalyst, Map<String, String> parameters) {
        this.catalyst = catalyst;
        this.parameters = parameters;
    }

    /** What is wrong, in the order in which the Analyzer comes upon it. */
    record Fault(Position position, AnalysisException said) {}

    /** @param first what the Analyzer said of the query as it stands */
    static List<Fault> of(
            LogicalPlan query, AnalysisException first, Catalyst catalyst, Map<String, String> parameters) {
        QueryFaults faults = new QueryFaults(catalyst, parameters);
        faults.collect(query, first);
        return faults.faults;
    }

    private void collect(LogicalPlan query, AnalysisException first) {
        Set<Position> known = new HashSet<>();
        LogicalPlan plan = query;
        AnalysisException said = first;
        while (said != null && faults.size() < MOST) {
            Position at = ModelParser.position(said.line(), said.startPosition());
            // what comes of the NULLs is no fault of the query
            if (!known.add(at) || !faults.isEmpty() && said.message().contains("VOID")) {
                return;
            }
            faults.add(new Fault(at, said));
            Replacement replacement = new Replacement(said);
            plan = replacement.in(plan);
            said = replacement.done ? analyze(plan) : null;
        }
    }

    private AnalysisException analyze(LogicalPlan plan) {
        try {
            catalyst.analyze(plan, parameters);
        } catch (AnalysisException e) {
            return e;
        } catch (UnsupportedOperationException e) {
            return null;
        } catch (RuntimeException e) {
            if (!(e instanceof SparkThrowable)) {
                throw e;
            }
        }
        return null;
    }

    /** Puts NULL in the place of the expression that a message is about. */
    private static final class Replacement {
        private final Option<Object> line;
        private final Option<Object> column;
        private final boolean onlyNames;
        private boolean done;

        Replacement(AnalysisException said) {
            line = said.line();
            column = said.startPosition();
            String kind = String.valueOf(said.getErrorClass());
            // an expression begins where its first name does
            onlyNames = kind.startsWith("UNRESOLVED_COLUMN") || kind.startsWith("AMBIGUOUS_REFERENCE");
        }

        LogicalPlan in(LogicalPlan plan) {
            if (plan instanceof UnresolvedWith with) {
                List<Tuple2<String, SubqueryAlias>> ctes = new ArrayList<>();
                Catalyst.list(with.cteRelations())
                        .forEach(cte -> ctes.add(new Tuple2<>(cte._1(), (SubqueryAlias) in(cte._2()))));
                return new UnresolvedWith(in(with.child()), Catalyst.seq(ctes));
            }
            LogicalPlan replaced = (LogicalPlan) plan.mapExpressions(function(this::top));
            List<LogicalPlan> children = new ArrayList<>();
            Catalyst.list(replaced.children()).forEach(child -> children.add(in(child)));
            return (LogicalPlan) replaced.withNewChildren(
                    (scala.collection.immutable.IndexedSeq<LogicalPlan>) indexed(Catalyst.seq(children)));
        }

        private static Object indexed(Seq<LogicalPlan> children) {
            return children.toIndexedSeq();
        }

        /** An expression of a plan: in a list of columns it must keep its name. */
        private Expression top(Expression expression) {
            Expression replaced = inside(expression);
            boolean nameless = expression instanceof NamedExpression && !(replaced instanceof NamedExpression);
            return nameless
                    ? new Alias(
                            replaced,
                            ((NamedExpression) expression).name(),
                            NamedExpression.newExprId(),
                            Catalyst.seq(List.of()),
                            Option.empty(),
                            Catalyst.seq(List.of()))
                    : replaced;
        }

        private Expression inside(Expression expression) {
            boolean nameOfAColumn = expression instanceof UnresolvedAttribute;
            if (isAt(expression.origin()) && (onlyNames ? nameOfAColumn : !(expression instanceof Alias))) {
                done = true;
                return Literal$.MODULE$.create(null, DataTypes.NullType);
            }
            Expression replaced = expression instanceof SubqueryExpression subquery
                    ? (Expression) subquery.withNewPlan(in(subquery.plan()))
                    : expression;
            return (Expression) replaced.mapChildren(function(this::inside));
        }

        private boolean isAt(Origin origin) {
            return line.isDefined() && line.equals(origin.line()) && column.equals(origin.startPosition());
        }

        private static <A, B> AbstractFunction1<A, B> function(java.util.function.Function<A, B> function) {
            return new AbstractFunction1<>() {
                @Override
                public B apply(A argument) {
                    return function.apply(argument);
                }
            };
        }
    }
}
