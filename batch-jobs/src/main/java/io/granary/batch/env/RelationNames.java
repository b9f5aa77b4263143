package io.granary.batch.env;

import io.granary.functions.grammar.SqlEdits;
import io.granary.functions.grammar.SqlGrammar;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ParseTreeWalker;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ColumnReferenceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DereferenceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IdentifierReferenceContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StarContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TableNameContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParserBaseListener;

/**
 * Puts other tables in the place of those that a SQL text reads, and changes nothing else of it: neither a text nor a
 * comment nor an alias that looks like a table.
 */
final class RelationNames extends SqlBaseParserBaseListener {
    private final UnaryOperator<String> table;
    private final SqlEdits edits;

    private RelationNames(String sql, UnaryOperator<String> table) {
        this.table = table;
        this.edits = new SqlEdits(sql);
    }

    /**
     * A statement that reads other tables.
     *
     * @param table from {@code database.table} in small letters to the one to read; itself when it stays
     * @param where names the SQL in messages, such as a file
     */
    static String inStatement(String sql, UnaryOperator<String> table, String where) {
        return new RelationNames(sql, table)
                .replace(SqlGrammar.parser(sql, where).singleStatement());
    }

    /** As {@link #inStatement}, for a condition or another expression, which may have subqueries. */
    static String inExpression(String sql, UnaryOperator<String> table, String where) {
        return new RelationNames(sql, table)
                .replace(SqlGrammar.parser(sql, where).singleExpression());
    }

    private String replace(ParserRuleContext tree) {
        ParseTreeWalker.DEFAULT.walk(this, tree);
        return edits.text();
    }

    @Override
    public void enterTableName(TableNameContext context) {
        IdentifierReferenceContext name = context.identifierReference();
        if (name.multipartIdentifier() != null) {
            put(name, name.multipartIdentifier().parts);
        }
    }

    /** A column with its table and database in front. */
    @Override
    public void enterDereference(DereferenceContext context) {
        if (context.base instanceof DereferenceContext base && base.base instanceof ColumnReferenceContext) {
            put(base, List.of(base.base, base.fieldName));
        }
    }

    /** All columns of a table with its database in front. */
    @Override
    public void enterStar(StarContext context) {
        if (context.qualifiedName() != null) {
            put(context.qualifiedName(), context.qualifiedName().identifier());
        }
    }

    private void put(ParserRuleContext place, List<? extends ParserRuleContext> parts) {
        if (parts.size() != 2) {
            return;
        }
        String name = parts.stream().map(RelationNames::name).collect(Collectors.joining("."));
        String other = table.apply(name);
        if (!other.equals(name)) {
            edits.replace(place, other);
        }
    }

    private static String name(ParserRuleContext part) {
        String text = part.getText();
        boolean quoted = text.length() > 2 && text.startsWith("`") && text.endsWith("`");
        return (quoted ? text.substring(1, text.length() - 1) : text).toLowerCase(Locale.ROOT);
    }
}
