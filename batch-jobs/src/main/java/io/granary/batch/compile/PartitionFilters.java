package io.granary.batch.compile;

import io.granary.warehouse.project.ModelDefinition;
import io.granary.warehouse.project.Position;
import io.granary.warehouse.project.Problem;
import io.granary.warehouse.project.Problems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.BinaryComparison;
import org.apache.spark.sql.catalyst.expressions.EqualTo;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GreaterThan;
import org.apache.spark.sql.catalyst.expressions.In;
import org.apache.spark.sql.catalyst.expressions.InSubquery;
import org.apache.spark.sql.catalyst.expressions.LessThan;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/**
 * Each partitioned table that a model reads is cut down by a condition on {@code ds}, its own table to earlier days: a
 * model that scans all days is slower every day.
 */
final class PartitionFilters {
    private final ModelDefinition model;
    private final ModelQuery query;
    private final LogicalPlan plan;
    private final Map<String, List<String>> partitions;
    private final Problems problems;
    private final Map<Long, Set<Long>> aliases = new HashMap<>();
    private final List<Expression> conditions = new ArrayList<>();
    private final List<Input> inputs = new ArrayList<>();

    /** One place where a partitioned table is read, by the id of its ds. */
    private record Input(String table, long ds) {}

    PartitionFilters(
            ModelDefinition model,
            ModelQuery query,
            LogicalPlan plan,
            Map<String, List<String>> partitions,
            Problems problems) {
        this.model = model;
        this.query = query;
        this.plan = plan;
        this.partitions = partitions;
        this.problems = problems;
    }

    void check() {
        scan(plan);
        Set<String> reported = new HashSet<>();
        for (Input input : inputs) {
            List<Expression> filters = conditions.stream()
                    .filter(condition -> names(condition, input.ds()))
                    .toList();
            boolean own = input.table().equals(model.table());
            if (own && filters.stream().noneMatch(PartitionFilters::isEarlier) && reported.add(input.table())) {
                report(
                        input,
                        "the model reads its own table " + input.table() + " without a limit to earlier days",
                        "Add a condition such as ds < :ds.");
            } else if (filters.isEmpty() && reported.add(input.table())) {
                report(
                        input,
                        "every partition of " + input.table() + " is read",
                        "Add a condition on ds, such as ds = :ds.");
            }
        }
    }

    private void scan(LogicalPlan node) {
        if (node.children().isEmpty()) {
            Catalyst.list(node.output()).forEach(this::input);
        }
        if (node instanceof Filter filter) {
            split(filter.condition());
        } else if (node instanceof Join join && join.condition().isDefined()) {
            split(join.condition().get());
        }
        Catalyst.list(node.expressions()).forEach(this::expression);
        Catalyst.list(node.children()).forEach(this::scan);
    }

    private void input(Attribute column) {
        if (column.name().equals("ds") && column.metadata().contains(Catalyst.TABLE)) {
            String table = column.metadata().getString(Catalyst.TABLE);
            if (partitions.getOrDefault(table, List.of()).contains("ds")) {
                inputs.add(new Input(table, column.exprId().id()));
            }
        }
    }

    private void expression(Expression expression) {
        if (expression instanceof Alias alias) {
            aliases.computeIfAbsent(alias.exprId().id(), id -> new HashSet<>())
                    .addAll(Lineage.references(alias.child()));
        }
        if (expression instanceof SubqueryExpression subquery) {
            scan(subquery.plan());
        }
        Catalyst.list(expression.children()).forEach(this::expression);
    }

    /** Conditions that must all hold, each by itself. */
    private void split(Expression condition) {
        if (condition instanceof And and) {
            split(and.left());
            split(and.right());
        } else if (condition instanceof BinaryComparison
                || condition instanceof In
                || condition instanceof InSubquery) {
            conditions.add(condition);
        }
    }

    private boolean names(Expression condition, long ds) {
        Set<Long> seen = new HashSet<>();
        List<Long> next = new ArrayList<>(Lineage.references(condition));
        while (!next.isEmpty()) {
            long id = next.remove(next.size() - 1);
            if (id == ds) {
                return true;
            }
            if (seen.add(id)) {
                next.addAll(aliases.getOrDefault(id, Set.of()));
            }
        }
        return false;
    }

    /** {@code ds < x}, {@code x > ds}, or {@code ds = } something that is computed, such as the day before. */
    private static boolean isEarlier(Expression condition) {
        if (condition instanceof LessThan less) {
            return !(less.left() instanceof Literal);
        }
        if (condition instanceof GreaterThan greater) {
            return greater.left() instanceof Literal;
        }
        return condition instanceof EqualTo equal
                && !(equal.left() instanceof Literal)
                && !(equal.right() instanceof Literal);
    }

    private void report(Input input, String what, String hint) {
        Position position = query.tables().getOrDefault(List.of(input.table().split("\\.")), Position.START);
        problems.add(Problem.at(model.sqlFile(), position, what, hint));
    }
}
