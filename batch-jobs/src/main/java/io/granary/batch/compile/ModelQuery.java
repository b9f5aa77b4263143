package io.granary.batch.compile;

import io.granary.warehouse.project.Position;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/**
 * What the compiler reads out of a model's SQL.
 *
 * @param sql the statement without what follows its last token (a semicolon, a comment)
 * @param tokens the statement's tokens, without comments and white space: equal tokens give equal results
 * @param tables names as they are written, each with the first place where it is read
 * @param parameters names of the parameters, each with the first place
 * @param columns names of what it yields, in order; a column without a name is absent
 * @param functions names of the functions it calls, as they are written, each with the first place
 * @param plan the statement as Spark parsed it
 * @param unstreamable the first part of it that cannot run over a stream
 */
record ModelQuery(
        String sql,
        List<String> tokens,
        Map<List<String>, Position> tables,
        Map<String, Position> parameters,
        Map<String, Position> functions,
        List<Optional<String>> columns,
        LogicalPlan plan,
        Optional<Unstreamable> unstreamable) {

    /** A clause that needs more than one row at a time. */
    record Unstreamable(String clause, Position position) {}
}
