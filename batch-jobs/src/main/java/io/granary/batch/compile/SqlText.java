package io.granary.batch.compile;

import io.granary.warehouse.project.Position;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.Token;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;
import org.apache.spark.sql.catalyst.parser.UpperCaseCharStream;

/** A SQL text cut into the tokens of Spark's grammar; comments and white space are none. */
final class SqlText {
    private final String text;
    private final List<Token> tokens;

    private SqlText(String text, List<Token> tokens) {
        this.text = text;
        this.tokens = tokens;
    }

    static SqlText of(String text) {
        SqlBaseLexer lexer = new SqlBaseLexer(new UpperCaseCharStream(CharStreams.fromString(text)));
        lexer.removeErrorListeners();
        List<Token> tokens = lexer.getAllTokens().stream()
                .filter(token -> token.getChannel() == Token.DEFAULT_CHANNEL)
                .map(Token.class::cast)
                .toList();
        return new SqlText(text, tokens);
    }

    /** Where a second statement begins. */
    Optional<Position> secondStatement() {
        boolean ended = false;
        for (Token token : tokens) {
            boolean semicolon = token.getType() == SqlBaseLexer.SEMICOLON;
            if (ended && !semicolon) {
                return Optional.of(new Position(token.getLine(), token.getCharPositionInLine() + 1));
            }
            ended |= semicolon;
        }
        return Optional.empty();
    }

    /** The text up to its last token that is no semicolon, with the comments before that. */
    String statement() {
        List<Token> kept = statementTokens();
        if (kept.isEmpty()) {
            return "";
        }
        int end = kept.get(kept.size() - 1).getStopIndex() + 1;
        return text.substring(0, text.offsetByCodePoints(0, end));
    }

    /** The statement's tokens as they are written. */
    List<String> words() {
        return statementTokens().stream()
                .map(token -> text.substring(
                        text.offsetByCodePoints(0, token.getStartIndex()),
                        text.offsetByCodePoints(0, token.getStopIndex() + 1)))
                .toList();
    }

    /** Names a character that looks like a plain one, or like nothing at all; empty when a plain one stands there. */
    String strangeCharacter(Position position) {
        String line = text.lines().skip(position.line() - 1L).findFirst().orElse("");
        int[] characters = line.codePoints().toArray();
        int there = position.column() <= characters.length ? characters[position.column() - 1] : ' ';
        boolean plain = there == '\t' || (there >= ' ' && there <= '~');
        return plain
                ? ""
                : String.format(
                        Locale.ROOT,
                        "The character there is U+%04X (%s); type it again as a plain one.",
                        there,
                        Character.getName(there));
    }

    private List<Token> statementTokens() {
        return tokens.stream()
                .filter(token -> token.getType() != SqlBaseLexer.SEMICOLON)
                .toList();
    }
}
