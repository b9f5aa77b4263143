package io.granary.streaming.query;

import io.granary.functions.grammar.SqlEdits;
import io.granary.functions.grammar.SqlGrammar;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ModelNode;
import java.util.List;
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
     * @throws GranaryException when the SQL does not parse, does not read the table, or has another parameter
     */
    public static String over(ModelNode model, String table, String view) {
        Rewriting rewriting = new Rewriting(model, table, view);
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
        private final SqlEdits edits;
        private boolean readsTable;

        Rewriting(ModelNode model, String table, String view) {
            this.model = model;
            this.table = table;
            this.view = view;
            this.edits = new SqlEdits(model.sql());
        }

        @Override
        public void enterTableName(SqlBaseParser.TableNameContext relation) {
            SqlBaseParser.MultipartIdentifierContext name =
                    relation.identifierReference().multipartIdentifier();
            if (name == null || !String.join(".", parts(name)).equalsIgnoreCase(table)) {
                return;
            }
            // the columns may be written with the table's own name in front
            boolean named = relation.tableAlias().strictIdentifier() != null;
            edits.replace(name, named ? view : view + " AS " + table.substring(table.indexOf('.') + 1));
            readsTable = true;
        }

        @Override
        public void enterNamedParameterLiteral(SqlBaseParser.NamedParameterLiteralContext parameter) {
            if (!parameter.identifier().getText().equalsIgnoreCase("ds")) {
                throw problem(model, "has the parameter " + parameter.getText() + "; a streamed model has :ds alone");
            }
            edits.replace(parameter, "ds");
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
