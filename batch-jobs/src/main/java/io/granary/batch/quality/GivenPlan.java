package io.granary.batch.quality;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.catalyst.AliasIdentifier;
import org.apache.spark.sql.catalyst.analysis.UnresolvedRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.SubqueryAlias;
import org.apache.spark.sql.catalyst.plans.logical.UnresolvedWith;
import scala.Function1;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.runtime.AbstractPartialFunction;

/** Puts given rows where a parsed query names a table; the query stays as it stands. */
final class GivenPlan extends AbstractPartialFunction<LogicalPlan, LogicalPlan> {
    private final Map<String, GivenTable> tables;

    private GivenPlan(Map<String, GivenTable> tables) {
        this.tables = tables;
    }

    /** @param tables by {@code database.table}, lower case */
    static LogicalPlan over(LogicalPlan query, Map<String, GivenTable> tables) {
        return query.transformDownWithSubqueries(new GivenPlan(tables));
    }

    @Override
    public boolean isDefinedAt(LogicalPlan plan) {
        return plan instanceof UnresolvedWith
                || plan instanceof UnresolvedRelation relation && tables.containsKey(name(relation));
    }

    @Override
    @SuppressWarnings("unchecked")
    public <A extends LogicalPlan, B> B applyOrElse(A plan, Function1<A, B> otherwise) {
        if (!isDefinedAt(plan)) {
            return otherwise.apply(plan);
        }
        return (B) (plan instanceof UnresolvedWith with ? ctes(with) : relation((UnresolvedRelation) plan));
    }

    /** The queries behind WITH are no children of the plan. */
    private LogicalPlan ctes(UnresolvedWith with) {
        List<Tuple2<String, SubqueryAlias>> replaced = new ArrayList<>();
        for (Tuple2<String, SubqueryAlias> cte : JavaConverters.seqAsJavaList(with.cteRelations())) {
            replaced.add(new Tuple2<>(cte._1(), (SubqueryAlias) cte._2().transformDownWithSubqueries(this)));
        }
        return new UnresolvedWith(with.child(), GivenTable.seq(replaced));
    }

    /** With its names, since columns may be written with them in front. */
    private LogicalPlan relation(UnresolvedRelation relation) {
        String[] parts = name(relation).split("\\.");
        return new SubqueryAlias(
                new AliasIdentifier(parts[1], GivenTable.seq(List.of(parts[0]))),
                tables.get(name(relation)).relation());
    }

    private static String name(UnresolvedRelation relation) {
        return String.join(".", JavaConverters.seqAsJavaList(relation.multipartIdentifier()))
                .toLowerCase(Locale.ROOT);
    }
}
