package io.granary.warehouse.project;

import com.fasterxml.jackson.databind.JsonNode;
import io.granary.warehouse.manifest.ColumnNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads a seed: its CSV, and its YAML when there is one; finds the types that nobody wrote. */
final class SeedReader {
    private final String file;
    private final Problems problems;

    SeedReader(String file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /** The seed; nothing when its columns cannot be told, which is then among the problems. */
    Optional<SeedDefinition> read(String subject, String name, String text, Optional<YamlFile> yaml) {
        List<CsvText.Row> rows = CsvText.rows(text);
        if (rows.isEmpty()) {
            problem(1, "the file has no header", "The first line names the columns.");
            return Optional.empty();
        }
        List<String> header = rows.get(0).fields();
        List<CsvText.Row> data = rows.subList(1, rows.size());
        if (!checkHeader(header) || !checkWidth(header, data)) {
            return Optional.empty();
        }
        List<JsonNode> declared =
                yaml.map(y -> y.items("columns", item -> item)).orElse(List.of());
        if (yaml.isPresent()) {
            List<String> names =
                    declared.stream().map(item -> item.path("name").asText()).toList();
            if (!names.equals(header)) {
                problems.add(yaml.get()
                        .origin()
                        .problem(
                                "/columns",
                                "columns are (" + String.join(", ", names) + ")",
                                "The CSV has (" + String.join(", ", header) + "); make them equal, in order."));
                return Optional.empty();
            }
        }
        List<ColumnNode> columns = new ArrayList<>();
        for (int i = 0; i < header.size(); i++) {
            columns.add(column(header.get(i), i, i < declared.size() ? declared.get(i) : null, data));
        }
        return Optional.of(new SeedDefinition(subject, name, file, text, columns));
    }

    private boolean checkHeader(List<String> header) {
        boolean good = true;
        for (int i = 0; i < header.size(); i++) {
            String name = header.get(i);
            if (name == null || !name.matches(SubjectReader.NAME)) {
                problem(
                        1,
                        "column " + (i + 1) + " is named '" + Objects.toString(name, "") + "'",
                        "Lower-case letters, digits and underscores, beginning with a letter.");
                good = false;
            } else if (header.indexOf(name) < i) {
                problem(1, "column '" + name + "' is there twice", "Give one of them another name.");
                good = false;
            }
        }
        return good;
    }

    private boolean checkWidth(List<String> header, List<CsvText.Row> data) {
        boolean good = true;
        for (CsvText.Row row : data) {
            if (row.fields().size() != header.size()) {
                problem(
                        row.line(),
                        "the row has " + row.fields().size() + " values, the header " + header.size() + " columns",
                        "Put a value that holds a comma in quotes.");
                good = false;
            }
        }
        return good;
    }

    private ColumnNode column(String name, int index, JsonNode declared, List<CsvText.Row> data) {
        String written = declared == null ? null : declared.path("type").asText(null);
        String description =
                declared == null ? "" : declared.path("description").asText();
        if (written == null) {
            return new ColumnNode(name, inferred(index, data), false, description);
        }
        for (CsvText.Row row : data) {
            String value = row.fields().get(index);
            if (value != null && !fits(value, written)) {
                problem(row.line(), "column '" + name + "' is " + written + ", the value '" + value + "'", "");
            }
        }
        return new ColumnNode(name, written, false, description);
    }

    private static String inferred(int index, List<CsvText.Row> data) {
        List<String> values = data.stream()
                .map(row -> row.fields().get(index))
                .filter(Objects::nonNull)
                .toList();
        if (values.isEmpty()) {
            return "string";
        }
        // 007 is a code, no number.
        Predicate<String> code = value -> value.matches("-?0[0-9].*");
        if (values.stream().noneMatch(code)) {
            if (values.stream().allMatch(value -> fits(value, "bigint"))) {
                return "bigint";
            }
            if (values.stream().allMatch(value -> value.matches("-?[0-9]+([.][0-9]+)?"))) {
                int scale = values.stream()
                        .mapToInt(value -> new BigDecimal(value).scale())
                        .max()
                        .getAsInt();
                int whole = values.stream()
                        .map(BigDecimal::new)
                        .mapToInt(value -> value.precision() - value.scale())
                        .max()
                        .getAsInt();
                int precision = Math.max(1, Math.max(whole, 1) + scale);
                return precision <= 38 ? "decimal(" + precision + "," + scale + ")" : "string";
            }
        }
        return values.stream().allMatch(value -> fits(value, "date")) ? "date" : "string";
    }

    /** Whether the text is a value of the type; forms that Spark's cast takes as well. */
    private static boolean fits(String value, String type) {
        try {
            switch (type) {
                case "int" -> Integer.parseInt(value);
                case "bigint" -> Long.parseLong(value);
                case "double" -> Double.parseDouble(value);
                case "boolean" -> {
                    return value.equals("true") || value.equals("false");
                }
                case "date" -> {
                    return value.length() == 10 && LocalDate.parse(value) != null;
                }
                case "timestamp" -> {
                    return value.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9:.]+(Z|[+-][0-9:]+)?)?");
                }
                default -> {
                    if (type.startsWith("decimal")) {
                        String[] size = type.replaceAll("[^0-9,]", "").split(",");
                        BigDecimal number = new BigDecimal(value).stripTrailingZeros();
                        int scale = Math.max(0, number.scale());
                        return scale <= Integer.parseInt(size[1])
                                && number.precision() - number.scale()
                                        <= Integer.parseInt(size[0]) - Integer.parseInt(size[1]);
                    }
                }
            }
            return true;
        } catch (NumberFormatException | DateTimeException e) {
            return false;
        }
    }

    private void problem(int line, String what, String hint) {
        problems.add(Problem.at(file, new Position(line, 1), what, hint));
    }
}
