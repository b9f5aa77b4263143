package io.granary.streaming.query;

import io.granary.functions.grammar.SqlEdits;
import io.granary.functions.grammar.SqlGrammar;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ModelNode;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.ParseTreeWalker;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SqlBaseParserBaseListener;

/**
 * A model's SQL as it stands, over a stream: where Spark's own grammar finds the ODS table stands the stream's view, and
 * where it finds {@code :ds} stands the column {@code ds}, so that a row is always of the day that is asked for.
 */
public final class StreamedSql {
    private StreamedSql() {}

    /**
     * @param table the ODS table, {@code database.table}
     * @param view name of the temporary view in its place
     * @param dimensions by table, the view that stands for a joined dimension: it has rows of one day, and no column ds
     * @throws GranaryException when the SQL does not parse, does not read the table, or has another parameter
     */
    public static String over(ModelNode model, String table, String view, Map<String, String> dimensions) {
        Rewriting rewriting = new Rewriting(model, table, view, dimensions);
        ParseTreeWalker.DEFAULT.walk(
                rewriting, SqlGrammar.parser(model.sql(), model.file()).singleStatement());
        if (!rewriting.readsTable) {
            throw problem(model, "does not read " + table);
        }
        return rewriting.edits.text();
    }

    private static final class Rewriting extends SqlBaseParserBaseListener {
        private final ModelNode model;
        private final String table;
        private final String view;
        private final Map<String, String> dimensions;
        private final Set<String> dimensionNames = new HashSet<>();
        private final SqlEdits edits;
        private boolean readsTable;

        Rewriting(ModelNode model, String table, String view, Map<String, String> dimensions) {
            this.dimensions = dimensions;
            this.model = model;
            this.table = table;
            this.view = view;
            this.edits = new SqlEdits(model.sql());
        }

        @Override
        public void enterTableName(SqlBaseParser.TableNameContext relation) {
            SqlBaseParser.MultipartIdentifierContext name =
                    relation.identifierReference().multipartIdentifier();
            if (name == null) {
                return;
            }
            String read = String.join(".", parts(name)).toLowerCase(Locale.ROOT);
            // the columns may be written with the table's own name in front
            boolean isNamed = relation.tableAlias().strictIdentifier() != null;
            String own = read.substring(read.indexOf('.') + 1);
            if (read.equalsIgnoreCase(table)) {
                edits.replace(name, isNamed ? view : view + " AS " + own);
                readsTable = true;
            } else if (dimensions.containsKey(read)) {
                edits.replace(name, dimensions.get(read) + (isNamed ? "" : " AS " + own));
                String alias =
                        isNamed ? relation.tableAlias().strictIdentifier().getText() : own;
                dimensionNames.add(alias.replace("`", "").toLowerCase(Locale.ROOT));
            }
        }

        @Override
        public void enterNamedParameterLiteral(SqlBaseParser.NamedParameterLiteralContext parameter) {
            if (!parameter.identifier().getText().equalsIgnoreCase("ds")) {
                throw problem(model, "has the parameter " + parameter.getText() + "; a streamed model has :ds alone");
            }
            ParserRuleContext whole = parameter;
            while (whole.getParent() != null && whole.getParent().getText().equals(parameter.getText())) {
                whole = whole.getParent();
            }
            if (whole.getParent() instanceof SqlBaseParser.ComparisonContext same && isDayOfDimension(same, whole)) {
                edits.replace(same, "TRUE");
            } else {
                edits.replace(parameter, "ds");
            }
        }

        /** Which day of a dimension is joined the view has decided. */
        private boolean isDayOfDimension(SqlBaseParser.ComparisonContext same, ParserRuleContext parameter) {
            ParserRuleContext other = same.left == parameter ? same.right : same.left;
            String column = other.getText().replace("`", "").toLowerCase(Locale.ROOT);
            return same.comparisonOperator().getText().equals("=")
                    && column.endsWith(".ds")
                    && dimensionNames.contains(column.substring(0, column.length() - ".ds".length()));
        }

        private static List<String> parts(SqlBaseParser.MultipartIdentifierContext name) {
            return name.parts.stream()
                    .map(ParseTree::getText)
                    .map(p -> p.replace("`", ""))
                    .toList();
        }
    }

    private static GranaryException problem(ModelNode model, String what) {
        return new GranaryException(ErrorCode.DEFINITION, model.file() + ": model " + model.name() + " " + what + ".");
    }
}
