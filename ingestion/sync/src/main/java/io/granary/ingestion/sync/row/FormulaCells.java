package io.granary.ingestion.sync.row;

import java.util.regex.Pattern;

/**
 * Keeps spreadsheets from taking a cell of a CSV file for a formula: a text that begins with {@code = + - @}, a tab or a
 * carriage return, and is no number, gets an apostrophe in front.
 */
public final class FormulaCells {
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,4})?");

    private FormulaCells() {}

    /** The cell as it may be written. */
    public static String safe(String cell) {
        return isFormula(cell) ? "'" + cell : cell;
    }

    static boolean isFormula(String cell) {
        if (cell.isEmpty()) {
            return false;
        }
        return switch (cell.charAt(0)) {
            // the full-width forms too: spreadsheets of East Asia take them for the same
            case '=', '@', '\t', '\r', '\n', '\uff1d', '\uff0b', '\uff0d', '\uff20' -> true;
            case '+', '-' -> !NUMBER.matcher(cell).matches();
            default -> false;
        };
    }
}
