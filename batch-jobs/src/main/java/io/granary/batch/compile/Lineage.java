package io.granary.batch.compile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.logical.Expand;
import org.apache.spark.sql.catalyst.plans.logical.Generate;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Union;

/** From what columns of tables each column of an analyzed plan is made, by Catalyst's expression ids. */
final class Lineage {
    private final LogicalPlan plan;
    /** From an expression's id to the ids it is computed from. */
    private final Map<Long, Set<Long>> inputs = new HashMap<>();
    /** Ids of tables' columns, {@code database.table.column}. */
    private final Map<Long, String> columns = new HashMap<>();

    Lineage(LogicalPlan plan) {
        this.plan = plan;
        scan(plan);
    }

    /** From an output column to the columns it is made from, in alphabetical order; none for a constant. */
    Map<String, List<String>> columns() {
        Map<String, List<String>> lineage = new LinkedHashMap<>();
        for (Attribute output : Catalyst.list(plan.output())) {
            lineage.put(output.name(), List.copyOf(sources(output.exprId().id())));
        }
        return lineage;
    }

    /** The columns of tables that the expression with this id is made from. */
    Set<String> sources(long id) {
        Set<String> found = new TreeSet<>();
        Set<Long> seen = new HashSet<>();
        List<Long> next = new ArrayList<>(List.of(id));
        while (!next.isEmpty()) {
            long at = next.remove(next.size() - 1);
            if (seen.add(at)) {
                if (columns.containsKey(at)) {
                    found.add(columns.get(at));
                }
                next.addAll(inputs.getOrDefault(at, Set.of()));
            }
        }
        return found;
    }

    private void scan(LogicalPlan node) {
        List<LogicalPlan> children = Catalyst.list(node.children());
        if (children.isEmpty()) {
            Catalyst.list(node.output()).forEach(this::column);
        }
        Catalyst.list(node.expressions()).forEach(this::expression);
        if (node instanceof Union union) {
            List<Attribute> output = Catalyst.list(union.output());
            children.forEach(child -> {
                List<Attribute> branch = Catalyst.list(child.output());
                for (int i = 0; i < output.size(); i++) {
                    made(output.get(i), Set.of(branch.get(i).exprId().id()));
                }
            });
        } else if (node instanceof Expand expand) {
            List<Attribute> output = Catalyst.list(expand.output());
            Catalyst.list(expand.projections()).forEach(projection -> {
                List<Expression> values = Catalyst.list(projection);
                for (int i = 0; i < output.size(); i++) {
                    made(output.get(i), references(values.get(i)));
                }
            });
        } else if (node instanceof Generate generate) {
            Set<Long> from = references((Expression) generate.generator());
            Catalyst.list(generate.generatorOutput()).forEach(output -> made(output, from));
        }
        children.forEach(this::scan);
    }

    private void column(Attribute attribute) {
        if (attribute.metadata().contains(Catalyst.TABLE)) {
            columns.put(
                    attribute.exprId().id(), attribute.metadata().getString(Catalyst.TABLE) + "." + attribute.name());
        }
    }

    private void expression(Expression expression) {
        if (expression instanceof Alias alias) {
            inputs.computeIfAbsent(alias.exprId().id(), id -> new HashSet<>()).addAll(references(alias.child()));
        }
        if (expression instanceof SubqueryExpression subquery) {
            scan(subquery.plan());
        }
        Catalyst.list(expression.children()).forEach(this::expression);
    }

    private void made(Attribute output, Set<Long> from) {
        inputs.computeIfAbsent(output.exprId().id(), id -> new HashSet<>()).addAll(from);
    }

    /** Ids of the attributes that the expression names, those that its subqueries yield among them. */
    static Set<Long> references(Expression expression) {
        Set<Long> ids = new HashSet<>();
        references(expression, ids);
        return ids;
    }

    private static void references(Expression expression, Set<Long> ids) {
        if (expression instanceof AttributeReference attribute) {
            ids.add(attribute.exprId().id());
        }
        if (expression instanceof SubqueryExpression subquery) {
            Catalyst.list(subquery.plan().output())
                    .forEach(output -> ids.add(output.exprId().id()));
        }
        Catalyst.list(expression.children()).forEach(child -> references(child, ids));
    }
}
