package io.granary.batch.compile;

import io.granary.warehouse.manifest.DayRange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.EqualTo;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GreaterThan;
import org.apache.spark.sql.catalyst.expressions.GreaterThanOrEqual;
import org.apache.spark.sql.catalyst.expressions.In;
import org.apache.spark.sql.catalyst.expressions.LessThan;
import org.apache.spark.sql.catalyst.expressions.LessThanOrEqual;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.LeftAnti$;
import org.apache.spark.sql.catalyst.plans.LeftOuter$;
import org.apache.spark.sql.catalyst.plans.RightOuter$;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedWith;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Which days of its inputs a model reads, by the predicates on {@code ds} that stand at each table in its SQL. A
 * predicate of a form that is not understood bounds nothing: then more is read, in the plan's eyes, than is.
 */
final class ModelReads {
    private final Map<String, DayRange> ranges = new TreeMap<>();

    private ModelReads() {}

    /** From each table that is read, {@code database.table}, to its days. */
    static Map<String, DayRange> of(LogicalPlan parsed) {
        ModelReads reads = new ModelReads();
        reads.visit(parsed, List.of(), Set.of());
        return reads.ranges;
    }

    /** Whether a model's SQL yields the {@code ds} of the table it reads as it is. */
    static boolean handsOnDay(LogicalPlan parsed) {
        return parsed instanceof Project project
                && list(project.projectList()).stream()
                        .anyMatch(e -> e instanceof UnresolvedAttribute attribute
                                && lower(attribute.nameParts().last()).equals("ds"));
    }

    private void visit(LogicalPlan plan, List<Expression> conditions, Set<String> ctes) {
        if (plan instanceof UnresolvedWith with) {
            Set<String> known = new HashSet<>(ctes);
            list(with.cteRelations()).forEach(cte -> {
                visit(cte._2(), List.of(), known);
                known.add(lower(cte._1()));
            });
            visit(with.child(), List.of(), known);
            return;
        }
        list(plan.expressions()).forEach(expression -> subqueries(expression, ctes));
        if (plan instanceof Filter filter) {
            visit(filter.child(), with(conditions, filter.condition()), ctes);
        } else if (plan instanceof Join join) {
            visit(join, conditions, ctes);
        } else if (plan instanceof SubqueryAlias alias && alias.child() instanceof UnresolvedRelation relation) {
            relation(relation, lower(alias.alias()), conditions, ctes);
        } else if (plan instanceof UnresolvedRelation relation) {
            relation(relation, null, conditions, ctes);
        } else {
            // names mean something else below: conditions do not reach through
            list(plan.children()).forEach(child -> visit(child, List.of(), ctes));
        }
    }

    private void visit(Join join, List<Expression> conditions, Set<String> ctes) {
        List<Expression> on =
                join.condition().isDefined() ? with(conditions, join.condition().get()) : conditions;
        boolean keepsLeft = join.joinType() == LeftOuter$.MODULE$ || join.joinType() == LeftAnti$.MODULE$;
        boolean keepsRight = join.joinType() == RightOuter$.MODULE$;
        boolean full = join.joinType().sql().startsWith("FULL");
        visit(join.left(), keepsLeft || full ? conditions : on, ctes);
        visit(join.right(), keepsRight || full ? conditions : on, ctes);
    }

    private void subqueries(Expression expression, Set<String> ctes) {
        if (expression instanceof SubqueryExpression subquery) {
            visit(subquery.plan(), List.of(), ctes);
        }
        list(expression.children()).forEach(child -> subqueries(child, ctes));
    }

    private void relation(UnresolvedRelation relation, String alias, List<Expression> conditions, Set<String> ctes) {
        List<String> parts = list(relation.multipartIdentifier()).stream()
                .map(ModelReads::lower)
                .toList();
        if (parts.size() == 1 && ctes.contains(parts.get(0))) {
            return;
        }
        String name = alias == null ? parts.get(parts.size() - 1) : alias;
        DayRange range = DayRange.ALL;
        for (Expression condition : conditions) {
            range = range.intersect(range(condition, name));
        }
        ranges.merge(String.join(".", parts), range, DayRange::union);
    }

    /** What one condition says about the {@code ds} of a relation. */
    private static DayRange range(Expression condition, String relation) {
        if (condition instanceof EqualTo equal) {
            if (isColumn(equal.left(), "hh", relation) && DayOffset.isParameter(equal.right(), "hh")
                    || isColumn(equal.right(), "hh", relation) && DayOffset.isParameter(equal.left(), "hh")) {
                return new DayRange(null, null, true);
            }
            return compare(equal.left(), equal.right(), relation, 0, 0);
        }
        if (condition instanceof GreaterThanOrEqual at) {
            return compare(at.left(), at.right(), relation, 0, null);
        }
        if (condition instanceof GreaterThan after) {
            return compare(after.left(), after.right(), relation, 1, null);
        }
        if (condition instanceof LessThanOrEqual until) {
            return compare(until.left(), until.right(), relation, null, 0);
        }
        if (condition instanceof LessThan before) {
            return compare(before.left(), before.right(), relation, null, -1);
        }
        if (condition instanceof In in && isColumn(in.value(), "ds", relation)) {
            DayRange all = null;
            for (Expression item : list(in.list())) {
                DayRange one = shifted(DayOffset.of(item), 0, 0);
                all = all == null ? one : all.union(one);
            }
            return all == null ? DayRange.ALL : all;
        }
        return DayRange.ALL;
    }

    /** {@code ds <op> day}, or the same turned round; the shifts are null where the operator bounds nothing. */
    private static DayRange compare(Expression left, Expression right, String relation, Integer from, Integer to) {
        if (isColumn(left, "ds", relation)) {
            return shifted(DayOffset.of(right), from, to);
        }
        if (isColumn(right, "ds", relation)) {
            return shifted(DayOffset.of(left), to == null ? null : Integer.valueOf(-to), from == null ? null : -from);
        }
        return DayRange.ALL;
    }

    private static DayRange shifted(Integer offset, Integer from, Integer to) {
        if (offset == null) {
            return DayRange.ALL;
        }
        return new DayRange(
                from == null ? null : Integer.valueOf(offset + from),
                to == null ? null : Integer.valueOf(offset + to),
                false);
    }

    private static boolean isColumn(Expression expression, String column, String relation) {
        if (!(expression instanceof UnresolvedAttribute attribute)) {
            return false;
        }
        List<String> parts =
                list(attribute.nameParts()).stream().map(ModelReads::lower).toList();
        return parts.get(parts.size() - 1).equals(column)
                && (parts.size() == 1 || parts.get(parts.size() - 2).equals(relation));
    }

    private static List<Expression> with(List<Expression> conditions, Expression more) {
        List<Expression> all = new ArrayList<>(conditions);
        split(more, all);
        return all;
    }

    private static void split(Expression condition, List<Expression> into) {
        if (condition instanceof And and) {
            split(and.left(), into);
            split(and.right(), into);
        } else {
            into.add(condition);
        }
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static <T> List<T> list(Seq<T> seq) {
        return JavaConverters.seqAsJavaList(seq);
    }
}
