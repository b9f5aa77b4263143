package io.granary.functions.grammar;

import java.util.Map;
import java.util.TreeMap;
import org.antlr.v4.runtime.ParserRuleContext;

/** Pieces of a SQL text that others take the place of; everything between them stays as it was written. */
public final class SqlEdits {
    private final String sql;
    private final Map<Integer, Piece> pieces = new TreeMap<>();

    private record Piece(int end, String text) {}

    public SqlEdits(String sql) {
        this.sql = sql;
    }

    /** A piece, as {@link SqlGrammar}'s parser found it in this text, is to read otherwise. */
    public void replace(ParserRuleContext piece, String text) {
        // the stream counts code points, a Java text UTF-16 units
        int start = sql.offsetByCodePoints(0, piece.getStart().getStartIndex());
        int end = sql.offsetByCodePoints(0, piece.getStop().getStopIndex() + 1);
        pieces.put(start, new Piece(end, text));
    }

    /** How many pieces are replaced. */
    public int count() {
        return pieces.size();
    }

    /** The text with all replacements. */
    public String text() {
        StringBuilder edited = new StringBuilder();
        int from = 0;
        for (Map.Entry<Integer, Piece> piece : pieces.entrySet()) {
            edited.append(sql, from, piece.getKey()).append(piece.getValue().text());
            from = piece.getValue().end();
        }
        return edited.append(sql, from, sql.length()).toString();
    }
}
