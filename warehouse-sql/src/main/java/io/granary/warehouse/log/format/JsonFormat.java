package io.granary.warehouse.log.format;

import io.granary.warehouse.log.format.LineFormat.Style;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code json(event_at): event_id string required, event_at timestamp, price decimal(12,2), tags array<string>}. */
final class JsonFormat {
    private static final Pattern HEAD = Pattern.compile("(?si)json(?:\\(([^)]*)\\))?:(.*)");
    private static final Pattern COLUMN = Pattern.compile(
            "(?s)(`[^`]+`|[A-Za-z_][A-Za-z0-9_]*)\\s*(?::|\\s)\\s*(.+?)(\\s+(?:(?i)required|not\\s+null))?");
    private static final Pattern TYPE = Pattern.compile("string|boolean|tinyint|smallint|int|integer|bigint|long|float|"
            + "double|date|timestamp|binary|decimal(\\(\\d{1,2}\\s*(,\\s*\\d{1,2}\\s*)?\\))?|(array|map|struct)<.+>");

    private JsonFormat() {}

    static LineFormat of(String text) {
        Matcher head = HEAD.matcher(text);
        if (!head.matches()) {
            throw new FormatException("format '" + text + "' is unknown", "write json: NAME TYPE, …");
        }
        List<FormatColumn> columns = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String column : split(head.group(2))) {
            FormatColumn read = column(column.strip());
            if (!names.add(read.name())) {
                throw new FormatException("column '" + read.name() + "' is there twice", "name a column once");
            }
            columns.add(read);
        }
        String eventTime = head.group(1) == null ? null : head.group(1).strip();
        if (eventTime != null
                && columns.stream()
                        .noneMatch(c -> c.name().equals(eventTime) && c.type().equals("timestamp"))) {
            throw new FormatException(
                    "the time of the event is '" + eventTime + "', which is no column of type timestamp",
                    "columns: " + String.join(", ", names));
        }
        return new LineFormat("json", Style.JSON, "", List.of(), columns, eventTime);
    }

    /** The text form of a format, which {@link #of} reads. */
    static String text(List<FormatColumn> columns, String eventTime) {
        return "json" + (eventTime == null ? "" : "(" + eventTime + ")") + ": "
                + columns.stream()
                        .map(c -> "`" + c.name() + "` " + c.type() + (c.required() ? " required" : ""))
                        .collect(Collectors.joining(", "));
    }

    private static FormatColumn column(String text) {
        Matcher column = COLUMN.matcher(text);
        if (!column.matches()) {
            throw new FormatException("'" + text + "' is no column", "write NAME TYPE, such as event_id string");
        }
        String name = column.group(1).replace("`", "");
        String written = column.group(2).strip();
        String type = written.contains("<") ? written : written.toLowerCase(Locale.ROOT);
        if (!TYPE.matcher(type.toLowerCase(Locale.ROOT)).matches()) {
            throw new FormatException(
                    "column '" + name + "' has type '" + written + "', which no value of JSON can have",
                    "types: string, boolean, tinyint, smallint, int, bigint, float, double, decimal(p,s), date,"
                            + " timestamp, binary, array<…>, map<…>, struct<…>");
        }
        return new FormatColumn(name, type, column.group(3) != null, "", -1, 0);
    }

    /** At commas outside brackets. */
    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '<' || c == '(' ? 1 : c == '>' || c == ')' ? -1 : 0;
            if (c == ',' && depth == 0) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }
}
