package io.granary.warehouse.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Rows of texts: columns under each other for people, CSV (RFC 4180) and JSON for programs. */
public record Rows(List<String> columns, List<List<String>> cells) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public Rows {
        columns = List.copyOf(columns);
        cells = cells.stream().map(List::copyOf).toList();
    }

    public void print(Output output, PrintWriter out) {
        switch (output) {
            case TABLE -> {
                line(out, columns, widths());
                cells.forEach(row -> line(out, row, widths()));
            }
            case CSV -> {
                out.print(csv(columns));
                cells.forEach(row -> out.print(csv(row)));
            }
            default -> out.print(json());
        }
        out.flush();
    }

    /** Without a header, each line behind this indent. */
    public void printBody(String indent, PrintWriter out) {
        int[] widths = widths(cells);
        for (List<String> row : cells) {
            out.print(indent);
            line(out, row, widths);
        }
    }

    private int[] widths() {
        List<List<String>> all = new ArrayList<>(cells);
        all.add(columns);
        return widths(all);
    }

    private static int[] widths(List<List<String>> rows) {
        int[] widths = new int[rows.stream().mapToInt(List::size).max().orElse(0)];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        return widths;
    }

    private static void line(PrintWriter out, List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String text = row.get(i).replaceAll("\\s+", " ");
            line.append(i == 0 ? "" : "  ").append(text).append(" ".repeat(Math.max(0, widths[i] - width(text))));
        }
        out.print(line.toString().stripTrailing() + "\n");
    }

    /** Places on a terminal: Chinese, Japanese and Korean letters take two. */
    private static int width(String text) {
        return text.codePoints()
                .map(c -> switch (Character.UnicodeScript.of(c)) {
                    case HAN, HIRAGANA, KATAKANA, HANGUL, BOPOMOFO -> 2;
                    default -> c >= 0x3000 && c <= 0x303f || c >= 0xff01 && c <= 0xff60 ? 2 : 1;
                })
                .sum();
    }

    private static String csv(List<String> row) {
        return row.stream()
                        .map(c -> c.matches("(?s).*[,\"\n\r].*") ? '"' + c.replace("\"", "\"\"") + '"' : c)
                        .collect(Collectors.joining(","))
                + "\n";
    }

    private String json() {
        StringBuilder json = new StringBuilder("[");
        for (int i = 0; i < cells.size(); i++) {
            Map<String, String> object = new LinkedHashMap<>();
            for (int c = 0; c < columns.size(); c++) {
                object.put(columns.get(c), cells.get(i).get(c));
            }
            try {
                json.append(i == 0 ? "\n" : ",\n").append(JSON.writeValueAsString(object));
            } catch (JsonProcessingException e) {
                throw new GranaryException(ErrorCode.INTERNAL, "a row cannot be written as JSON: " + e, e);
            }
        }
        return json.append(cells.isEmpty() ? "]\n" : "\n]\n").toString();
    }
}
