package io.granary.functions.grammar;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.UpperCaseCharStream;

/** Spark's own grammar over a SQL text, so that a text or a comment that looks like something else stays as it is. */
public final class SqlGrammar {
    private SqlGrammar() {}

    /**
     * A parser at the beginning of the text.
     *
     * @param where names the SQL in messages, such as a file
     * @return its rules throw a {@link GranaryException} with line and column where the text does not fit
     */
    public static SqlBaseParser parser(String sql, String where) {
        SqlBaseLexer lexer = new SqlBaseLexer(new UpperCaseCharStream(CharStreams.fromString(sql)));
        SqlBaseParser parser = new SqlBaseParser(new CommonTokenStream(lexer));
        lexer.removeErrorListeners();
        parser.removeErrorListeners();
        parser.addErrorListener(new Refusal(where));
        return parser;
    }

    /** What else could stand there is a list of all keywords. */
    private static String shortened(String message) {
        return message.replaceFirst(" expecting \\{.*", "");
    }

    private static final class Refusal extends BaseErrorListener {
        private final String where;

        Refusal(String where) {
            this.where = where;
        }

        @Override
        public void syntaxError(
                Recognizer<?, ?> recognizer,
                Object symbol,
                int line,
                int column,
                String message,
                RecognitionException e) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    where + ":" + line + ":" + (column + 1) + "  SQL does not parse: " + shortened(message));
        }
    }
}
