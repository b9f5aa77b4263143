package io.granary.batch.sql;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts text into statements at each {@code ;} that is not inside a text, a quoted name or a comment. Text comes in
 * pieces, as a person types it.
 */
final class StatementReader {
    private final StringBuilder pending = new StringBuilder();

    /** Adds a piece of text and returns the statements that it completes, without their {@code ;}. */
    List<String> add(String text) {
        pending.append(text);
        List<String> statements = new ArrayList<>();
        int start = 0;
        int at = 0;
        while (at < pending.length()) {
            if (pending.charAt(at) == ';') {
                keep(pending.substring(start, at), statements);
                start = at + 1;
                at = start;
                continue;
            }
            int end = afterToken(at);
            if (end < 0) {
                break;
            }
            at = end;
        }
        pending.delete(0, start);
        return statements;
    }

    /** What is left without a {@code ;} at the end of a file; may be none. */
    List<String> rest() {
        List<String> statements = new ArrayList<>();
        keep(pending.toString(), statements);
        pending.setLength(0);
        return statements;
    }

    /** Forgets what has been begun. */
    void clear() {
        pending.setLength(0);
    }

    /** True when the text so far is the beginning of a statement. */
    boolean isInside() {
        return !bare(pending.toString()).isEmpty();
    }

    private static void keep(String statement, List<String> statements) {
        if (!bare(statement).isEmpty()) {
            statements.add(statement.strip());
        }
    }

    /** Without comments: empty when there is nothing to run. */
    private static String bare(String statement) {
        StatementReader reader = new StatementReader();
        reader.pending.append(statement);
        StringBuilder bare = new StringBuilder();
        int at = 0;
        while (at < statement.length()) {
            int end = reader.afterToken(at);
            boolean comment = reader.opensComment(at);
            if (!comment) {
                bare.append(statement, at, end < 0 ? statement.length() : end);
            }
            if (end < 0) {
                break;
            }
            at = end;
        }
        return bare.toString().strip();
    }

    private boolean opensComment(int at) {
        return starts(at, "--") || starts(at, "/*");
    }

    /** End of the text, name, comment or single character that begins here; -1 when it is not complete yet. */
    private int afterToken(int at) {
        char c = pending.charAt(at);
        if (c == '\'' || c == '"') {
            return afterText(at, c, !isRaw(at));
        }
        if (c == '`') {
            return afterText(at, c, false);
        }
        if (starts(at, "--")) {
            int end = pending.indexOf("\n", at);
            return end < 0 ? -1 : end + 1;
        }
        if (starts(at, "/*")) {
            return afterComment(at);
        }
        return at + 1;
    }

    private int afterText(int at, char quote, boolean escapes) {
        for (int i = at + 1; i < pending.length(); i++) {
            if (escapes && pending.charAt(i) == '\\') {
                i++;
            } else if (pending.charAt(i) == quote) {
                return i + 1;
            }
        }
        return -1;
    }

    /** {@code r'…'}: a backslash is a backslash. */
    private boolean isRaw(int at) {
        boolean r = at > 0 && Character.toLowerCase(pending.charAt(at - 1)) == 'r';
        return r && (at == 1 || !Character.isJavaIdentifierPart(pending.charAt(at - 2)));
    }

    /** Bracketed comments nest. */
    private int afterComment(int at) {
        int depth = 0;
        int i = at;
        while (i < pending.length()) {
            if (starts(i, "/*")) {
                depth++;
                i += 2;
            } else if (starts(i, "*/")) {
                depth--;
                i += 2;
                if (depth == 0) {
                    return i;
                }
            } else {
                i++;
            }
        }
        return -1;
    }

    private boolean starts(int at, String text) {
        return at + text.length() <= pending.length()
                && pending.substring(at, at + text.length()).equals(text);
    }
}
