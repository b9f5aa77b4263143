package io.granary.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Truth, batch and real time side by side. A number that a path does not have is shown as {@code -}. */
final class Comparison {
    private static final List<String> TITLES =
            List.of("", "truth", "batch (Hive)", "report (MariaDB)", "real time (Redis)");

    private final List<List<String>> rows = new ArrayList<>();
    private final List<String> differences = new ArrayList<>();

    /** Adds a number; null where a path does not have it. */
    void add(String name, Object truth, Object batch, Object report, Object realTime) {
        rows.add(List.of(name, text(truth), text(batch), text(report), text(realTime)));
        check(name, "batch", truth, batch);
        check(name, "report", truth, report);
        check(name, "real time", truth, realTime);
    }

    boolean allEqual() {
        return differences.isEmpty();
    }

    String render() {
        List<Integer> widths = new ArrayList<>();
        for (int i = 0; i < TITLES.size(); i++) {
            int column = i;
            widths.add(Math.max(
                    TITLES.get(i).length(),
                    rows.stream().mapToInt(r -> r.get(column).length()).max().orElse(0)));
        }
        StringBuilder out = new StringBuilder();
        line(out, TITLES, widths);
        out.append("-".repeat(widths.stream().mapToInt(w -> w + 2).sum())).append('\n');
        rows.forEach(row -> line(out, row, widths));
        out.append(allEqual() ? "\nAll equal.\n" : "\nNOT equal: " + String.join("; ", differences) + "\n");
        return out.toString();
    }

    private void check(String name, String path, Object truth, Object found) {
        if (found != null && !Objects.equals(text(truth), text(found))) {
            differences.add(name + ": " + path + " says " + text(found) + ", truth " + text(truth));
        }
    }

    private static String text(Object value) {
        return value == null ? "-" : value.toString();
    }

    private static void line(StringBuilder out, List<String> cells, List<Integer> widths) {
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            String pad = " ".repeat(widths.get(i) - cell.length());
            out.append(i == 0 ? cell + pad : "  " + pad + cell);
        }
        out.append('\n');
    }
}
