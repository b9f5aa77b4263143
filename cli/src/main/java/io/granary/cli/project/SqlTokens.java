package io.granary.cli.project;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.text.SqlLiteral;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A SQL text that has compiled, cut where comments, quoted texts, words and parameters begin and end. */
public final class SqlTokens {
    /** What a piece is. */
    public enum Kind {
        COMMENT,
        TEXT,
        WORD,
        NUMBER,
        PARAMETER,
        OTHER
    }

    /** A piece; all pieces together are the SQL. */
    public record Token(Kind kind, String text) {}

    private final String sql;
    private int at;

    private SqlTokens(String sql) {
        this.sql = sql;
    }

    public static List<Token> of(String sql) {
        SqlTokens reader = new SqlTokens(sql);
        List<Token> tokens = new ArrayList<>();
        while (reader.at < sql.length()) {
            tokens.add(reader.next());
        }
        return tokens;
    }

    /**
     * Puts values in the place of parameters such as {@code :ds}; those in comments and texts stay.
     *
     * @throws GranaryException when a parameter has no value
     */
    public static String bind(String sql, Map<String, String> values, String where) {
        StringBuilder bound = new StringBuilder();
        for (Token token : of(sql)) {
            if (token.kind() != Kind.PARAMETER) {
                bound.append(token.text());
                continue;
            }
            String name = token.text().substring(1);
            String value = values.get(name);
            if (value == null) {
                throw new GranaryException(
                        ErrorCode.USAGE,
                        where + ": parameter :" + name + " has no value; give --set " + name + "=VALUE. Known: :"
                                + String.join(", :", new TreeMap<>(values).keySet()));
            }
            bound.append(SqlLiteral.of(value));
        }
        return bound.toString();
    }

    private Token next() {
        int start = at;
        char c = sql.charAt(at);
        if (sql.startsWith("--", at)) {
            int end = sql.indexOf('\n', at);
            return token(Kind.COMMENT, end < 0 ? sql.length() : end);
        }
        if (sql.startsWith("/*", at)) {
            return token(Kind.COMMENT, endOfComment());
        }
        if (c == '\'' || c == '"' || c == '`') {
            return token(c == '`' ? Kind.WORD : Kind.TEXT, endOfQuote(at, c != '`'));
        }
        if ((c == 'r' || c == 'R') && at + 1 < sql.length() && "'\"".indexOf(sql.charAt(at + 1)) >= 0) {
            return token(Kind.TEXT, endOfQuote(at + 1, false));
        }
        if (c == ':' && at + 1 < sql.length() && isWordStart(sql.charAt(at + 1))) {
            return token(Kind.PARAMETER, endOfWord(at + 1));
        }
        if (isWordStart(c)) {
            return token(Kind.WORD, endOfWord(start));
        }
        if (Character.isDigit(c)) {
            return token(Kind.NUMBER, endOfWord(start));
        }
        return token(Kind.OTHER, at + 1);
    }

    private Token token(Kind kind, int end) {
        String text = sql.substring(at, end);
        at = end;
        return new Token(kind, text);
    }

    /** Comments nest. */
    private int endOfComment() {
        int depth = 0;
        for (int i = at; i < sql.length() - 1; i++) {
            if (sql.startsWith("/*", i)) {
                depth++;
                i++;
            } else if (sql.startsWith("*/", i)) {
                depth--;
                i++;
                if (depth == 0) {
                    return i + 1;
                }
            }
        }
        return sql.length();
    }

    private int endOfQuote(int open, boolean escapes) {
        char quote = sql.charAt(open);
        for (int i = open + 1; i < sql.length(); i++) {
            if (escapes && sql.charAt(i) == '\\') {
                i++;
            } else if (sql.charAt(i) == quote) {
                return i + 1;
            }
        }
        return sql.length();
    }

    private int endOfWord(int from) {
        int end = from;
        while (end < sql.length() && (isWordStart(sql.charAt(end)) || Character.isDigit(sql.charAt(end)))) {
            end++;
        }
        return end;
    }

    private static boolean isWordStart(char c) {
        return c == '_' || Character.isLetter(c);
    }
}
