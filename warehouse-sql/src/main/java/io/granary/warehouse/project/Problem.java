package io.granary.warehouse.project;

import java.util.Comparator;

/**
 * One thing that is wrong in a project, shown as {@code file:line:col  what  hint}.
 *
 * @param file path inside the project, with {@code /}
 * @param what what is wrong, with the value
 * @param hint what to do; may be empty
 */
public record Problem(String file, int line, int column, String what, String hint) implements Comparable<Problem> {
    private static final Comparator<Problem> ORDER = Comparator.comparing(Problem::file)
            .thenComparingInt(Problem::line)
            .thenComparingInt(Problem::column)
            .thenComparing(Problem::what);

    public Problem {
        hint = hint.strip();
    }

    public static Problem at(String file, Position position, String what, String hint) {
        return new Problem(file, position.line(), position.column(), what, hint);
    }

    @Override
    public int compareTo(Problem other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        String text = file + ":" + line + ":" + column + "  " + what;
        return hint.isEmpty() ? text : text + "  " + hint;
    }
}
