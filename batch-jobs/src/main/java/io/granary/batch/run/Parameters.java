package io.granary.batch.run;

import io.granary.functions.grammar.SqlEdits;
import io.granary.functions.grammar.SqlGrammar;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.text.SqlLiteral;
import java.util.Map;
import java.util.TreeMap;
import org.antlr.v4.runtime.tree.ParseTreeWalker;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SqlBaseParserBaseListener;

/**
 * Puts values in the place of named parameters such as {@code :ds}, since they do not bind over Hive JDBC. Spark's own
 * grammar says where they are, so a text or a comment that looks like one stays as it is.
 */
public final class Parameters {
    private Parameters() {}

    /**
     * The statement with every {@code :name} replaced by its value as a quoted literal.
     *
     * @param where names the SQL in messages, such as a file
     * @throws GranaryException when the SQL does not parse or names a parameter without a value
     */
    public static String bind(String sql, Map<String, String> values, String where) {
        SqlEdits edits = new SqlEdits(sql);
        ParseTreeWalker.DEFAULT.walk(
                new SqlBaseParserBaseListener() {
                    @Override
                    public void enterNamedParameterLiteral(SqlBaseParser.NamedParameterLiteralContext marker) {
                        edits.replace(marker, SqlLiteral.of(value(marker, values, where)));
                    }
                },
                SqlGrammar.parser(sql, where).singleStatement());
        return edits.text();
    }

    private static String value(
            SqlBaseParser.NamedParameterLiteralContext marker, Map<String, String> values, String where) {
        String name = marker.identifier().getText();
        String value = values.get(name);
        if (value == null) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    where + ":" + marker.getStart().getLine() + ":"
                            + (marker.getStart().getCharPositionInLine() + 1) + "  parameter :" + name
                            + " has no value; known: :" + String.join(", :", new TreeMap<>(values).keySet()));
        }
        return value;
    }
}
