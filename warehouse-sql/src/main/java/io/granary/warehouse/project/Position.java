package io.granary.warehouse.project;

/** A place in a text file; line and column count from 1. */
public record Position(int line, int column) {
    public static final Position START = new Position(1, 1);

    /** The place that follows a text. */
    static Position after(String text) {
        int line = (int) text.chars().filter(c -> c == '\n').count() + 1;
        return new Position(line, text.length() - text.lastIndexOf('\n'));
    }
}
