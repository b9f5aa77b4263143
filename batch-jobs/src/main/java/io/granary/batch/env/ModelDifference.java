package io.granary.batch.env;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.granary.batch.env.DataDifference.Change;
import io.granary.batch.env.DataDifference.Example;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * In what a model differs between here and there.
 *
 * @param definition {@code same}, {@code different}, or {@code not there}
 * @param sql lines of {@code diff -u} from there to here; empty when it is the same, or not known
 * @param columns one line a column that was added, removed or changed
 * @param data null when rows were not compared
 * @param notes what a person should know about it
 */
record ModelDifference(
        String model,
        String here,
        String there,
        String definition,
        List<String> sql,
        List<String> columns,
        DataDifference data,
        List<String> notes) {

    /** Neither the definition nor the rows, as far as they were compared. */
    boolean isEmpty() {
        return definition.equals("same") && columns.isEmpty() && (data == null || data.isEmpty());
    }

    String json() {
        try {
            return JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build()
                    .writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new GranaryException(
                    ErrorCode.INTERNAL, "the difference cannot be written as JSON: " + e.getMessage(), e);
        }
    }

    String text() {
        List<String> lines = new ArrayList<>();
        lines.add(model + ": " + here + " against " + there);
        notes.forEach(note -> lines.add("note: " + note));
        lines.add("");
        lines.add("definition: " + definition);
        if (!sql.isEmpty()) {
            lines.add("--- " + there);
            lines.add("+++ " + here);
            lines.addAll(sql);
        }
        columns.forEach(column -> lines.add("column " + column));
        if (data != null) {
            lines.add("");
            data(lines);
        }
        return String.join("\n", lines);
    }

    private void data(List<String> lines) {
        lines.add("data: " + (data.isEmpty() ? "same" : "different") + ", " + data.days()
                + (data.key().isEmpty() ? ", rows as wholes" : ", by " + String.join(", ", data.key())));
        count(lines, "rows " + here, data.rowsHere());
        count(lines, "rows " + there, data.rowsThere());
        count(lines, "only " + here, data.onlyHere());
        count(lines, "only " + there, data.onlyThere());
        if (!data.key().isEmpty()) {
            count(lines, "different", data.different());
        }
        data.columns().forEach((column, rows) -> count(lines, "  in " + column, rows));
        if (!data.examples().isEmpty()) {
            lines.add("");
            lines.add("examples, " + data.examples().size() + " of " + data.all() + " (" + there + " -> " + here + ")");
            data.examples().forEach(example -> lines.add("  " + line(example)));
        }
    }

    private static void count(List<String> lines, String what, long number) {
        lines.add(String.format(Locale.ROOT, "  %-28s %,12d", what, number));
    }

    private String line(Example example) {
        String kind = example.kind().replace("only here", "only " + here).replace("only there", "only " + there);
        String row = example.row().entrySet().stream()
                .map(cell -> cell.getKey() + "=" + cell.getValue())
                .collect(Collectors.joining(" "));
        String values = example.columns().entrySet().stream()
                .map(cell -> value(example, cell))
                .collect(Collectors.joining(", "));
        return (kind + "  " + row + "  " + values).stripTrailing();
    }

    private static String value(Example example, Map.Entry<String, Change> cell) {
        Change change = cell.getValue();
        return switch (example.kind()) {
            case "only here" -> cell.getKey() + "=" + change.here();
            case "only there" -> cell.getKey() + "=" + change.there();
            default -> cell.getKey() + " " + change.there() + " -> " + change.here();
        };
    }
}
