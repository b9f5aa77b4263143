package io.granary.bench;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** Numbers and the tables they are shown in. */
final class Figures {
    private Figures() {}

    static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** Seconds with as many decimals as are worth something. */
    static String s(double seconds) {
        return String.format(Locale.ROOT, seconds < 1 ? "%.3f" : seconds < 100 ? "%.2f" : "%.1f", seconds);
    }

    static String ratio(double ratio) {
        return String.format(Locale.ROOT, "%.3f", ratio);
    }

    /** Median, and the range that it was taken from. */
    static String spread(List<Double> seconds) {
        List<Double> sorted = seconds.stream().sorted().toList();
        return s(median(seconds)) + " (" + s(sorted.get(0)) + " to " + s(sorted.get(sorted.size() - 1)) + ")";
    }

    /** Prints a Markdown table, columns aligned, as RESULTS.md takes it. */
    static void table(PrintStream out, List<String> head, List<List<String>> rows) {
        List<Integer> widths = new ArrayList<>();
        for (int i = 0; i < head.size(); i++) {
            int column = i;
            widths.add(Math.max(
                    head.get(i).length(),
                    rows.stream()
                            .mapToInt(row -> row.get(column).length())
                            .max()
                            .orElse(0)));
        }
        line(out, head, widths);
        line(out, widths.stream().map("-"::repeat).toList(), widths);
        rows.forEach(row -> line(out, row, widths));
        out.println();
    }

    /**
     * A table of the least, the median, p95, p99 and the greatest.
     *
     * @param sorted values, ascending
     * @param format of one, as {@link String#format} takes it
     */
    static void percentiles(PrintStream out, double[] sorted, String format) {
        List<String> values = DoubleStream.of(0, 0.50, 0.95, 0.99, 1)
                .map(part -> sorted[(int) Math.round(part * (sorted.length - 1))])
                .mapToObj(value -> String.format(Locale.ROOT, format, value))
                .toList();
        table(out, List.of("min", "p50", "p95", "p99", "max"), List.of(values));
    }

    private static void line(PrintStream out, List<String> cells, List<Integer> widths) {
        StringBuilder line = new StringBuilder("|");
        for (int i = 0; i < cells.size(); i++) {
            line.append(' ')
                    .append(cells.get(i))
                    .append(" ".repeat(widths.get(i) - cells.get(i).length()))
                    .append(" |");
        }
        out.println(line);
    }
}
