package io.granary.batch.compile;

import io.granary.batch.compile.ModelQuery.Unstreamable;
import io.granary.warehouse.project.ModelDefinition;
import io.granary.warehouse.project.Position;
import io.granary.warehouse.project.Problem;
import io.granary.warehouse.project.Problems;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.analysis.NamedParameter;
import org.apache.spark.sql.catalyst.analysis.PosParameter;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.analysis.UnresolvedGenerator;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.analysis.UnresolvedTableValuedFunction;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.SubqueryExpression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.ParsedStatement;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedWith;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** Walks one parsed, unresolved plan: tables, parameters, columns. Names of CTEs hide tables, as in Spark. */
final class QueryScan {
    private final ModelDefinition model;
    private final Problems problems;
    private final Map<List<String>, Position> tables = new LinkedHashMap<>();
    private final Map<String, Position> parameters = new LinkedHashMap<>();
    private final Map<String, Position> functions = new LinkedHashMap<>();
    private Unstreamable unstreamable;

    QueryScan(ModelDefinition model, Problems problems) {
        this.model = model;
        this.problems = problems;
    }

    ModelQuery scan(LogicalPlan plan, SqlText text) {
        scan(plan, Set.of());
        return new ModelQuery(
                text.statement(),
                text.words(),
                Map.copyOf(tables),
                Map.copyOf(parameters),
                Map.copyOf(functions),
                columns(plan),
                plan,
                Optional.ofNullable(unstreamable));
    }

    private void scan(LogicalPlan plan, Set<String> ctes) {
        if (plan instanceof Command || plan instanceof ParsedStatement) {
            throw new ModelParser.NotASelect(ModelParser.position(plan.origin()));
        }
        noteUnstreamable(plan);
        if (plan instanceof UnresolvedWith with) {
            Set<String> known = new HashSet<>(ctes);
            list(with.cteRelations()).forEach(cte -> {
                scan(cte._2(), known);
                known.add(lower(cte._1()));
            });
            scan(with.child(), known);
            return;
        }
        if (plan instanceof UnresolvedRelation relation) {
            table(relation, ctes);
        }
        if (plan instanceof UnresolvedTableValuedFunction function) {
            functions.putIfAbsent(String.join(".", list(function.name())), ModelParser.position(plan.origin()));
        }
        list(plan.expressions()).forEach(expression -> scan(expression, ctes));
        list(plan.children()).forEach(child -> scan(child, ctes));
    }

    private void scan(Expression expression, Set<String> ctes) {
        if (expression instanceof NamedParameter parameter) {
            parameters.putIfAbsent(parameter.name(), ModelParser.position(expression.origin()));
        }
        if (expression instanceof UnresolvedFunction function) {
            function(list(function.nameParts()), expression);
        }
        if (expression instanceof UnresolvedGenerator generator) {
            function(List.of(generator.name().funcName()), expression);
        }
        if (expression instanceof PosParameter) {
            problems.add(Problem.at(
                    model.sqlFile(),
                    ModelParser.position(expression.origin()),
                    "a parameter without a name: ?",
                    "The only parameter is :ds."));
        }
        if (expression instanceof SubqueryExpression subquery) {
            if (unstreamable == null) {
                unstreamable = new Unstreamable("a subquery", ModelParser.position(expression.origin()));
            }
            scan(subquery.plan(), ctes);
        }
        list(expression.children()).forEach(child -> scan(child, ctes));
    }

    private void function(List<String> name, Expression expression) {
        functions.putIfAbsent(String.join(".", name), ModelParser.position(expression.origin()));
    }

    private void table(UnresolvedRelation relation, Set<String> ctes) {
        List<String> parts = list(relation.multipartIdentifier()).stream()
                .map(QueryScan::lower)
                .toList();
        if (parts.size() == 1 && ctes.contains(parts.get(0))) {
            return;
        }
        tables.putIfAbsent(parts, ModelParser.position(relation.origin()));
    }

    private void noteUnstreamable(LogicalPlan plan) {
        boolean streamable = plan instanceof Project
                || plan instanceof Filter
                || plan instanceof SubqueryAlias
                || plan instanceof UnresolvedRelation
                || plan instanceof UnresolvedWith
                || plan instanceof Join;
        if (!streamable && unstreamable == null) {
            unstreamable = new Unstreamable(lower(plan.nodeName()), ModelParser.position(plan.origin()));
        }
    }

    /** What the outermost SELECT yields; nothing when the query's top is a set operation or the like. */
    private static List<Optional<String>> columns(LogicalPlan plan) {
        LogicalPlan top = plan;
        while (true) {
            if (top instanceof UnresolvedWith with) {
                top = with.child();
            } else if (top instanceof Project project) {
                return names(project.projectList());
            } else if (top instanceof Aggregate aggregate) {
                return names(aggregate.aggregateExpressions());
            } else if (top.children().size() == 1) {
                top = top.children().head();
            } else {
                return List.of();
            }
        }
    }

    private static List<Optional<String>> names(Seq<NamedExpression> expressions) {
        List<Optional<String>> names = new ArrayList<>();
        for (NamedExpression expression : list(expressions)) {
            if (expression instanceof Alias alias) {
                names.add(Optional.of(lower(alias.name())));
            } else if (expression instanceof UnresolvedAttribute attribute) {
                names.add(Optional.of(lower(attribute.nameParts().last())));
            } else {
                names.add(Optional.empty());
            }
        }
        return names;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static <T> List<T> list(Seq<T> seq) {
        return JavaConverters.seqAsJavaList(seq);
    }
}
