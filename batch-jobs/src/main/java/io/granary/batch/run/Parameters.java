package io.granary.batch.run;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
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
        StringBuilder bound = new StringBuilder(sql);
        Map<Integer, Marker> markers = markers(sql, where);
        // from the end, so that positions in front stay true
        new TreeMap<>(markers).descendingMap().forEach((start, marker) -> {
            String value = values.get(marker.name());
            if (value == null) {
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        where + ":" + marker.line() + ":" + marker.column() + "  parameter :" + marker.name()
                                + " has no value; known: :" + String.join(", :", new TreeMap<>(values).keySet()));
            }
            bound.replace(start, marker.end(), literal(value));
        });
        return bound.toString();
    }

    /** A text as a Spark SQL literal. */
    public static String literal(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    private record Marker(String name, int end, int line, int column) {}

    private static Map<Integer, Marker> markers(String sql, String where) {
        Map<Integer, Marker> markers = new TreeMap<>();
        ParseTreeWalker.DEFAULT.walk(
                new SqlBaseParserBaseListener() {
                    @Override
                    public void enterNamedParameterLiteral(SqlBaseParser.NamedParameterLiteralContext context) {
                        markers.put(
                                SqlGrammar.start(sql, context),
                                new Marker(
                                        context.identifier().getText(),
                                        SqlGrammar.end(sql, context),
                                        context.getStart().getLine(),
                                        context.getStart().getCharPositionInLine() + 1));
                    }
                },
                SqlGrammar.parser(sql, where).singleStatement());
        return markers;
    }
}
