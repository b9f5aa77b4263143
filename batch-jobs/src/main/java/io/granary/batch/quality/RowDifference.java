package io.granary.batch.quality;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * How two sets of rows differ, a row being there as often as it is. A missing row and an unexpected one that have the
 * same key, or without a key most cells in common, are shown as one row that differs.
 */
final class RowDifference {
    private static final int SHOWN_ROWS = 20;

    private final List<String> columns;
    private final List<Line> lines = new ArrayList<>();

    private RowDifference(List<String> columns) {
        this.columns = columns;
    }

    private record Line(String mark, List<String> cells, String what) {}

    /** @param key columns that name a row; not used unless all of them are compared */
    static RowDifference of(
            List<String> columns, List<String> key, List<List<String>> expected, List<List<String>> actual) {
        List<List<String>> missing = new ArrayList<>(expected);
        List<List<String>> unexpected = new ArrayList<>();
        for (List<String> row : actual) {
            if (!missing.remove(row)) {
                unexpected.add(row);
            }
        }
        RowDifference difference = new RowDifference(columns);
        List<Integer> keyCells =
                columns.containsAll(key) ? key.stream().map(columns::indexOf).toList() : List.of();
        List<List<String>> alone = new ArrayList<>();
        for (List<String> row : missing) {
            List<String> partner = partner(row, unexpected, keyCells);
            if (partner == null) {
                alone.add(row);
            } else {
                unexpected.remove(partner);
                difference.lines.add(new Line("~", bothCells(row, partner), "differs"));
            }
        }
        alone.forEach(row -> difference.lines.add(new Line("-", shown(row), "missing")));
        unexpected.forEach(row -> difference.lines.add(new Line("+", shown(row), "unexpected")));
        return difference;
    }

    private static List<String> partner(List<String> row, List<List<String>> others, List<Integer> key) {
        List<String> best = null;
        int most = row.size() / 2;
        for (List<String> other : others) {
            if (!key.isEmpty()) {
                if (key.stream().allMatch(i -> Objects.equals(row.get(i), other.get(i)))) {
                    return other;
                }
                continue;
            }
            int common = 0;
            for (int i = 0; i < row.size(); i++) {
                common += Objects.equals(row.get(i), other.get(i)) ? 1 : 0;
            }
            if (common > most) {
                best = other;
                most = common;
            }
        }
        return best;
    }

    private static List<String> bothCells(List<String> expected, List<String> actual) {
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            String cell = shown(expected.get(i));
            boolean same = Objects.equals(expected.get(i), actual.get(i));
            cells.add(same ? cell : cell + " -> " + shown(actual.get(i)));
        }
        return cells;
    }

    private static List<String> shown(List<String> row) {
        return row.stream().map(RowDifference::shown).toList();
    }

    private static String shown(String cell) {
        return cell == null ? "NULL" : cell.isEmpty() ? "''" : cell;
    }

    /** A table for people, headed by what it counts; empty when nothing differs. */
    String describe() {
        if (lines.isEmpty()) {
            return "";
        }
        List<Line> shown = lines.subList(0, Math.min(SHOWN_ROWS, lines.size()));
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = columns.get(i).length();
            for (Line line : shown) {
                widths[i] = Math.max(widths[i], line.cells().get(i).length());
            }
        }
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%d missing, %d unexpected, %d different (expected -> actual)",
                count("-"),
                count("+"),
                count("~")));
        append(text, " ", columns, widths, "");
        shown.forEach(line -> append(text, line.mark(), line.cells(), widths, line.what()));
        if (lines.size() > shown.size()) {
            text.append("\n… ").append(lines.size() - shown.size()).append(" more");
        }
        return text.toString();
    }

    private long count(String mark) {
        return lines.stream().filter(line -> line.mark().equals(mark)).count();
    }

    private static void append(StringBuilder text, String mark, List<String> cells, int[] widths, String what) {
        StringBuilder line = new StringBuilder(mark);
        for (int i = 0; i < cells.size(); i++) {
            line.append("  ")
                    .append(cells.get(i))
                    .append(" ".repeat(widths[i] - cells.get(i).length()));
        }
        text.append('\n').append(line.append("  ").append(what).toString().stripTrailing());
    }
}
