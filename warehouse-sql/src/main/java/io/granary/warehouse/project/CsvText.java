package io.granary.warehouse.project;

import java.util.ArrayList;
import java.util.List;

/** Comma-separated values (RFC 4180): quotes around a field may hold commas, line feeds and doubled quotes. */
public final class CsvText {
    private final String text;
    private int at;
    private int line = 1;

    private CsvText(String text) {
        this.text = text;
    }

    /**
     * A line of values.
     *
     * @param line where it begins in the file, from 1
     * @param fields as written; an empty field that was not quoted is null
     */
    public record Row(int line, List<String> fields) {}

    /** All rows, the header among them; empty lines are none. The text's lines end by a line feed. */
    public static List<Row> rows(String text) {
        CsvText csv = new CsvText(text);
        List<Row> rows = new ArrayList<>();
        while (csv.at < text.length()) {
            Row row = csv.row();
            if (row.fields().size() > 1 || row.fields().get(0) != null) {
                rows.add(row);
            }
        }
        return rows;
    }

    private Row row() {
        int start = line;
        List<String> fields = new ArrayList<>();
        do {
            fields.add(field());
        } while (take(','));
        if (take('\n')) {
            line++;
        }
        return new Row(start, fields);
    }

    private String field() {
        if (!take('"')) {
            int start = at;
            while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != '\n') {
                at++;
            }
            return start == at ? null : text.substring(start, at);
        }
        StringBuilder value = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '"') {
                line += c == '\n' ? 1 : 0;
                value.append(c);
            } else if (take('"')) {
                value.append('"');
            } else {
                break;
            }
        }
        while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != '\n') {
            value.append(text.charAt(at++));
        }
        return value.toString();
    }

    private boolean take(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }
}
