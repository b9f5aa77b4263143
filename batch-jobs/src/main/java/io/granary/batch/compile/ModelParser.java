package io.granary.batch.compile;

import io.granary.warehouse.project.ModelDefinition;
import io.granary.warehouse.project.Position;
import io.granary.warehouse.project.Problem;
import io.granary.warehouse.project.Problems;
import java.util.Optional;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser$;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.trees.Origin;
import org.apache.spark.sql.internal.SQLConf;
import scala.Option;

/** Parses models with Spark's own parser; no session, no cluster. */
final class ModelParser {
    private final SQLConf settings = new SQLConf();
    private final Problems problems;

    ModelParser(Problems problems) {
        this.problems = problems;
        // Without reserved words, `SELECT url + FROM t` would take FROM for a column.
        settings.setConfString("spark.sql.ansi.enabled", "true");
        settings.setConfString("spark.sql.ansi.enforceReservedKeywords", "true");
    }

    /** The model's query; nothing when it is none, which is then among the problems. */
    Optional<ModelQuery> parse(ModelDefinition model) {
        SqlText text = SqlText.of(model.sql());
        Optional<Position> second = text.secondStatement();
        if (second.isPresent()) {
            report(model, second.get(), "a second statement begins", "A model is one SELECT.");
            return Optional.empty();
        }
        try {
            LogicalPlan plan = plan(text.statement());
            return Optional.of(new QueryScan(model, problems).scan(plan, text));
        } catch (NotASelect e) {
            report(
                    model,
                    e.position(),
                    "the statement is no SELECT",
                    "A model is one SELECT; the run writes its table.");
        } catch (AnalysisException e) {
            String hint = message(e).startsWith("Unsupported SQL statement") ? "A model is one SELECT." : "";
            report(model, position(e.line(), e.startPosition()), message(e), hint);
        } catch (RuntimeException e) {
            if (!(e instanceof SparkThrowable)) {
                throw e;
            }
            report(model, Position.START, message(e), "");
        }
        return Optional.empty();
    }

    /** Whether Spark knows this type. */
    boolean knowsType(String type) {
        try {
            checkType(type);
            return true;
        } catch (AnalysisException | RuntimeException e) {
            return false;
        }
    }

    /** Scala does not declare the exception; Java must hear of it. */
    LogicalPlan plan(String sql) throws AnalysisException {
        return SQLConf.withExistingConf(settings, () -> CatalystSqlParser$.MODULE$.parsePlan(sql));
    }

    private static void checkType(String type) throws AnalysisException {
        CatalystSqlParser$.MODULE$.parseDataType(type);
    }

    static Position position(Origin origin) {
        return position(origin.line(), origin.startPosition());
    }

    /** Spark counts lines from 1 and columns from 0. */
    static Position position(Option<Object> line, Option<Object> column) {
        return new Position(
                line.isEmpty() ? 1 : (Integer) line.get(), column.isEmpty() ? 1 : (Integer) column.get() + 1);
    }

    private void report(ModelDefinition model, Position position, String what, String hint) {
        problems.add(Problem.at(model.sqlFile(), position, what, hint));
    }

    /** Spark's words without its own code, place and quotation of the SQL; plainer ones for what happens every day. */
    static String message(Exception e) {
        if (e instanceof AnalysisException unresolved && isUnknownColumn(unresolved)) {
            return "no column "
                    + unresolved.getMessageParameters().get("objectName").replace("`", "");
        }
        String said = e instanceof AnalysisException analysis ? analysis.message() : e.getMessage();
        String first = said.strip().lines().findFirst().orElse("cannot be parsed");
        return first.replaceFirst("^\\[[A-Z0-9_.]+] ", "")
                .replaceFirst("\\s*\\(line \\d+, pos \\d+\\)$", "")
                .replaceFirst("[;:]$", "");
    }

    /** What to do about it, where Spark knows; else empty. */
    static String hint(AnalysisException e) {
        String proposal = isUnknownColumn(e) ? e.getMessageParameters().get("proposal") : null;
        return proposal == null ? "" : "Nearest first: " + proposal.replace("`", "") + ".";
    }

    private static boolean isUnknownColumn(AnalysisException e) {
        return e.getErrorClass() != null
                && e.getErrorClass().startsWith("UNRESOLVED_COLUMN")
                && e.getMessageParameters().containsKey("objectName");
    }

    /** The statement does something else than yield rows. */
    static final class NotASelect extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Position position;

        NotASelect(Position position) {
            super(null, null, false, false);
            this.position = position;
        }

        Position position() {
            return position;
        }
    }
}
