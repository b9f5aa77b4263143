package io.granary.warehouse.log.format;

import io.granary.warehouse.log.format.LineFormat.Style;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Puts a format of text together: literals and slots in turn, as a dialect reads them. */
final class TextFormat {
    private static final List<String> ORDINALS =
            List.of("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth");

    private final String name;
    private final Style style;
    private final List<String> literals = new ArrayList<>();
    private final List<Columns.Column> parts = new ArrayList<>();
    private final List<String> variables = new ArrayList<>();
    private final List<String> patterns = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();

    TextFormat(String name, Style style) {
        this.name = name;
        this.style = style;
    }

    void literal(String text) {
        literal.append(text);
    }

    /** @param pattern of a time, else null */
    void slot(String variable, Columns.Column column, String pattern) {
        if (!parts.isEmpty() && literal.isEmpty()) {
            throw new FormatException(
                    "nothing stands between " + variables.get(variables.size() - 1) + " and " + variable,
                    "no one can tell where the first one ends: put a blank or another literal between them");
        }
        literals.add(literal.toString());
        literal.setLength(0);
        parts.add(column);
        variables.add(variable);
        patterns.add(pattern);
    }

    /** Whether the last slot is a time; its pattern may go on. */
    boolean endsWithTime() {
        return !parts.isEmpty() && parts.get(parts.size() - 1).kind() == ValueKind.TIME;
    }

    /** Adds what came since, and more, to the pattern of the last slot. */
    void continueTime(String variable, String pattern) {
        int last = parts.size() - 1;
        patterns.set(last, patterns.get(last) + literal.toString().replace("%", "%%") + pattern);
        variables.set(last, variables.get(last) + literal + variable);
        literal.setLength(0);
    }

    LineFormat build() {
        literals.add(literal.toString());
        List<Slot> slots = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            slots.add(slot(i));
        }
        List<FormatColumn> columns = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            columns(i, columns);
        }
        String eventTime = columns.stream()
                .filter(c -> c.type().equals("timestamp"))
                .map(FormatColumn::name)
                .findFirst()
                .orElseThrow(() -> new FormatException(
                        "the format has no time", "rows go by the time of their event: add %t, $time_local or $msec"));
        checkNames(columns);
        return new LineFormat(name, style, literals.get(0), slots, columns, eventTime);
    }

    private Slot slot(int index) {
        Columns.Column part = parts.get(index);
        String before = literals.get(index);
        String after = literals.get(index + 1);
        boolean quoted = before.endsWith("\"") && after.startsWith("\"");
        if (part.kind() == ValueKind.REQUEST && !quoted && after.startsWith(" ")) {
            throw new FormatException(
                    variables.get(index) + " is followed by a blank, and holds blanks itself",
                    "put it in quotes: \"" + variables.get(index) + "\"");
        }
        String ordinal = (index < ORDINALS.size() ? ORDINALS.get(index) : (index + 1) + "th") + " field";
        return new Slot(
                variables.get(index),
                part.label().replace("#", ordinal),
                part.kind(),
                patterns.get(index),
                before,
                after,
                quoted);
    }

    private void columns(int index, List<FormatColumn> into) {
        Columns.Column part = parts.get(index);
        switch (part.kind()) {
            case IGNORED, TIME_OF_DAY -> {}
            case REQUEST -> {
                into.add(column(Columns.of("method"), index, 0));
                into.add(column(Columns.of("url"), index, 1));
                into.add(column(Columns.of("protocol"), index, 2));
            }
            case DATE -> into.add(column(part, index, timeOfDay()));
            default -> into.add(column(part, index, 0));
        }
    }

    private int timeOfDay() {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).kind() == ValueKind.TIME_OF_DAY) {
                return i;
            }
        }
        throw new FormatException("the format has the field date and no field time", "add time");
    }

    private static FormatColumn column(Columns.Column part, int slot, int detail) {
        return new FormatColumn(part.name(), part.kind().type(), part.required(), part.description(), slot, detail);
    }

    private void checkNames(List<FormatColumn> columns) {
        Set<String> names = new HashSet<>();
        for (FormatColumn column : columns) {
            if (!names.add(column.name())) {
                throw new FormatException(
                        variables.get(column.slot()) + " gives the column " + column.name()
                                + ", which is there already",
                        "write each thing once");
            }
        }
    }
}
