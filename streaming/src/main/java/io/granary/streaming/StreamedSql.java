package io.granary.streaming;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ModelNode;
import java.util.List;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.TokenStreamRewriter;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.ParseTreeWalker;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SqlBaseParserBaseListener;
import org.apache.spark.sql.catalyst.parser.UpperCaseCharStream;

/**
 * A model's SQL as it stands, over a stream: where Spark's own grammar finds the ODS table stands the stream's view, and
 * where it finds {@code :ds} stands the column {@code ds}, so that a row is always of the day that is asked for.
 */
final class StreamedSql {
    private StreamedSql() {}

    /**
     * @param table the ODS table, {@code database.table}
     * @param view name of the temporary view in its place
     * @throws GranaryException when the SQL does not parse, does not read the table, or has another parameter
     */
    static String over(ModelNode model, String table, String view) {
        CommonTokenStream tokens =
                new CommonTokenStream(new SqlBaseLexer(new UpperCaseCharStream(CharStreams.fromString(model.sql()))));
        SqlBaseParser parser = new SqlBaseParser(tokens);
        parser.removeErrorListeners();
        parser.addErrorListener(new Refusal(model));
        Rewriting rewriting = new Rewriting(model, table, view, new TokenStreamRewriter(tokens));
        ParseTreeWalker.DEFAULT.walk(rewriting, parser.singleStatement());
        if (rewriting.replaced == 0) {
            throw problem(model, "does not read " + table);
        }
        return rewriting.rewriter.getText();
    }

    private static final class Rewriting extends SqlBaseParserBaseListener {
        private final ModelNode model;
        private final String table;
        private final String view;
        private final TokenStreamRewriter rewriter;
        private int replaced;

        Rewriting(ModelNode model, String table, String view, TokenStreamRewriter rewriter) {
            this.model = model;
            this.table = table;
            this.view = view;
            this.rewriter = rewriter;
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
            replace(name, named ? view : view + " AS " + table.substring(table.indexOf('.') + 1));
            replaced++;
        }

        @Override
        public void enterNamedParameterLiteral(SqlBaseParser.NamedParameterLiteralContext parameter) {
            if (!parameter.identifier().getText().equalsIgnoreCase("ds")) {
                throw problem(model, "has the parameter " + parameter.getText() + "; a streamed model has :ds alone");
            }
            replace(parameter, "ds");
        }

        private void replace(ParserRuleContext what, String by) {
            rewriter.replace(what.getStart(), what.getStop(), by);
        }

        private static List<String> parts(SqlBaseParser.MultipartIdentifierContext name) {
            return name.parts.stream()
                    .map(ParseTree::getText)
                    .map(p -> p.replace("`", ""))
                    .toList();
        }
    }

    private static final class Refusal extends BaseErrorListener {
        private final ModelNode model;

        Refusal(ModelNode model) {
            this.model = model;
        }

        @Override
        public void syntaxError(
                Recognizer<?, ?> recognizer,
                Object symbol,
                int line,
                int column,
                String message,
                RecognitionException cause) {
            // what else could stand there is a list of all keywords
            String what = message.replaceFirst(" expecting \\{.*", "");
            throw new GranaryException(
                    ErrorCode.DEFINITION, model.file() + ":" + line + ":" + (column + 1) + ": " + what, cause);
        }
    }

    private static GranaryException problem(ModelNode model, String what) {
        return new GranaryException(ErrorCode.DEFINITION, model.file() + ": model " + model.name() + " " + what + ".");
    }
}
