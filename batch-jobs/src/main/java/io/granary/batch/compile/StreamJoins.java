package io.granary.batch.compile;

import io.granary.warehouse.project.Layer;
import io.granary.warehouse.project.ModelDefinition;
import io.granary.warehouse.project.Problem;
import io.granary.warehouse.project.Problems;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.NamedParameter;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.EqualTo;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.Inner$;
import org.apache.spark.sql.catalyst.plans.LeftOuter$;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import scala.collection.JavaConverters;

/** The joins of a streamable model: each adds at most one row of a dimension, of the day {@code :ds}. */
record StreamJoins(ModelDefinition model, ProjectTables tables, Problems problems) {
    private static final String DAY = "ds";

    /** @return the tables that are joined, also those for which a problem is told */
    List<String> check(LogicalPlan plan) {
        List<String> joined = new ArrayList<>();
        if (plan instanceof Join join) {
            joined.addAll(join(join));
        }
        JavaConverters.seqAsJavaList(plan.innerChildren()).forEach(child -> {
            if (child instanceof LogicalPlan inner) {
                joined.addAll(check(inner));
            }
        });
        JavaConverters.seqAsJavaList(plan.children()).forEach(child -> joined.addAll(check(child)));
        return joined;
    }

    private List<String> join(Join join) {
        LogicalPlan right = join.right();
        Optional<String> alias = Optional.empty();
        if (right instanceof SubqueryAlias named) {
            alias = Optional.of(named.alias());
            right = named.child();
        }
        boolean isKind = join.joinType() == Inner$.MODULE$ || join.joinType() == LeftOuter$.MODULE$;
        if (!isKind || !(right instanceof UnresolvedRelation relation)) {
            report(join, "a streamable model has another join than JOIN or LEFT JOIN of a dimension", "");
            return List.of();
        }
        List<String> parts = JavaConverters.seqAsJavaList(relation.multipartIdentifier());
        String table = String.join(".", parts).toLowerCase(Locale.ROOT);
        Optional<ModelDefinition> dimension = tables.model(table);
        if (dimension.isEmpty() || dimension.get().layer() != Layer.DIM) {
            report(right, "a streamable model joins " + table, "It may join dimensions, models of layer dim.");
            return List.of(table);
        }
        String name = alias.orElse(parts.get(parts.size() - 1));
        Set<String> equal = new HashSet<>();
        join.condition().foreach(new Conjuncts(name, equal));
        List<String> needed = new ArrayList<>(dimension.get().unique());
        needed.add(DAY);
        if (!equal.containsAll(needed)) {
            report(
                    right,
                    "the join of " + table + " is not on its unique key and day",
                    "Write ON "
                            + String.join(
                                    " AND ",
                                    needed.stream()
                                            .map(c -> name + "." + c + " = " + (c.equals(DAY) ? ":ds" : "…"))
                                            .toList())
                            + ".");
        }
        return List.of(table);
    }

    private void report(LogicalPlan plan, String what, String hint) {
        problems.add(Problem.at(model.sqlFile(), ModelParser.position(plan.origin()), what, hint));
    }

    /** Collects the columns of a dimension that must be equal to something; the day only when that is {@code :ds}. */
    private static final class Conjuncts extends scala.runtime.AbstractFunction1<Expression, Object> {
        private final String name;
        private final Set<String> equal;

        Conjuncts(String name, Set<String> equal) {
            this.name = name;
            this.equal = equal;
        }

        @Override
        public Object apply(Expression condition) {
            if (condition instanceof And and) {
                apply(and.left());
                apply(and.right());
            } else if (condition instanceof EqualTo same) {
                side(same.left(), same.right());
                side(same.right(), same.left());
            }
            return null;
        }

        private void side(Expression column, Expression other) {
            if (!(column instanceof UnresolvedAttribute attribute)) {
                return;
            }
            List<String> parts = JavaConverters.seqAsJavaList(attribute.nameParts());
            if (parts.size() < 2 || !parts.get(parts.size() - 2).equalsIgnoreCase(name)) {
                return;
            }
            String last = parts.get(parts.size() - 1).toLowerCase(Locale.ROOT);
            if (!last.equals(DAY) || other instanceof NamedParameter) {
                equal.add(last);
            }
        }
    }
}
