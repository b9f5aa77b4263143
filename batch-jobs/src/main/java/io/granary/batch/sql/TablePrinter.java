package io.granary.batch.sql;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Columns under each other for people; NULL is {@code NULL}. Widths are those of the first thousand rows, so that a long
 * result is not held in memory.
 */
final class TablePrinter extends ResultPrinter {
    private static final int MEASURED_ROWS = 1000;

    private final List<List<Object>> held = new ArrayList<>();
    private int[] widths;

    TablePrinter(PrintStream out) {
        super(out);
    }

    @Override
    void begin() {}

    @Override
    void print(List<Object> cells) {
        if (widths != null) {
            line(cells);
            return;
        }
        held.add(cells);
        if (held.size() == MEASURED_ROWS) {
            flushHeld();
        }
    }

    @Override
    void finish() {
        if (widths == null) {
            flushHeld();
        }
    }

    private void flushHeld() {
        widths = new int[columns().size()];
        StringBuilder rule = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            widths[i] = width(columns().get(i).name());
            for (List<Object> row : held) {
                widths[i] = Math.max(widths[i], width(shown(row.get(i))));
            }
            rule.append(i == 0 ? "" : "  ").append("-".repeat(widths[i]));
        }
        line(columns().stream().map(c -> (Object) c.name()).toList());
        out().print(rule + "\n");
        held.forEach(this::line);
        held.clear();
    }

    private void line(List<Object> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String text = shown(cells.get(i));
            String space = " ".repeat(Math.max(0, widths[i] - width(text)));
            line.append(i == 0 ? "" : "  ").append(Cells.isNumber(cells.get(i)) ? space + text : text + space);
        }
        out().print(line.toString().stripTrailing() + "\n");
    }

    private static String shown(Object cell) {
        if (cell == null) {
            return "NULL";
        }
        StringBuilder shown = new StringBuilder();
        for (char c : Cells.text(cell).toCharArray()) {
            switch (c) {
                case '\n' -> shown.append("\\n");
                case '\r' -> shown.append("\\r");
                case '\t' -> shown.append("\\t");
                default ->
                    shown.append(Character.isISOControl(c) ? String.format("\\u%04x", (int) c) : String.valueOf(c));
            }
        }
        return shown.toString();
    }

    /** Places on a terminal: Chinese, Japanese and Korean letters take two. */
    private static int width(String text) {
        return text.codePoints().map(TablePrinter::width).sum();
    }

    private static int width(int codePoint) {
        return switch (Character.UnicodeScript.of(codePoint)) {
            case HAN, HIRAGANA, KATAKANA, HANGUL, BOPOMOFO -> 2;
            default ->
                (codePoint >= 0x3000 && codePoint <= 0x303f) || (codePoint >= 0xff01 && codePoint <= 0xff60) ? 2 : 1;
        };
    }
}
