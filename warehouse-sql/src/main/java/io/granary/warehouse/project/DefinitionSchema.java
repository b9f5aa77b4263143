package io.granary.warehouse.project;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The JSON Schemas (draft 2020-12) of the project files, committed under {@code resources/schemas} for editors too. */
enum DefinitionSchema {
    SUBJECT,
    SOURCE,
    MODEL,
    COUNTER,
    EXPORT,
    REPORT,
    METRIC,
    SEED,
    UNIT_TEST;

    private final JsonNode text;
    private final Schema schema;

    DefinitionSchema() {
        String resource = "/schemas/" + name().toLowerCase(Locale.ROOT) + ".schema.json";
        try (InputStream in = DefinitionSchema.class.getResourceAsStream(resource)) {
            text = new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.INTERNAL, "schema " + resource + " cannot be read: " + e, e);
        }
        schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(text);
    }

    /** What is wrong in the file; none when it keeps the schema. */
    List<Problem> check(YamlFile yaml) {
        List<Problem> problems = new ArrayList<>();
        for (Error error : schema.validate(yaml.content())) {
            if (!isConsequence(error)) {
                problems.add(problem(error, yaml.origin()));
            }
        }
        return problems;
    }

    /** An `if` that fails says nothing by itself. */
    private static boolean isConsequence(Error error) {
        return error.getKeyword().equals("if");
    }

    private Problem problem(Error error, Origin origin) {
        String pointer = error.getInstanceLocation().toString();
        String value = shown(error.getInstanceNode());
        String hint = description(error);
        return switch (error.getKeyword()) {
            case "additionalProperties" -> {
                String key = error.getProperty();
                Position at = origin.key(Origin.child(pointer, key));
                List<String> known = known(error);
                yield Problem.at(
                        origin.file(),
                        at,
                        "unknown key '" + key + "'",
                        Suggestion.of(key, known, "Known keys: " + String.join(", ", known) + "."));
            }
            case "required" ->
                origin.problem(pointer, "key '" + error.getProperty() + "' is missing" + inItem(pointer), hint);
            case "false" -> {
                String key = pointer.substring(pointer.lastIndexOf('/') + 1);
                yield Problem.at(origin.file(), origin.key(pointer), "key '" + key + "' does not belong here", hint);
            }
            case "type" -> origin.problem(pointer, called(pointer) + " is " + value + ": " + error.getMessage(), hint);
            case "enum" ->
                origin.problem(
                        pointer,
                        called(pointer) + " is " + value,
                        "Known values: " + values(error.getSchemaNode()) + ". " + hint);
            case "const" ->
                origin.problem(
                        pointer, called(pointer) + " is " + value, "It must be " + error.getSchemaNode() + ". " + hint);
            case "pattern", "minLength" -> origin.problem(pointer, called(pointer) + " is " + value, hint);
            default -> origin.problem(pointer, called(pointer) + " " + error.getMessage(), hint);
        };
    }

    private static String shown(JsonNode node) {
        String text = node.isTextual() ? "'" + node.asText() + "'" : node.toString();
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }

    /** The last key of a pointer; an item of a list goes by its list's name. */
    private static String called(String pointer) {
        String[] steps = pointer.split("/", -1);
        for (int i = steps.length - 1; i > 0; i--) {
            if (!steps[i].isEmpty() && !Character.isDigit(steps[i].charAt(0))) {
                return i == steps.length - 1 ? steps[i] : "an item of " + steps[i];
            }
        }
        return "the file";
    }

    private static String inItem(String pointer) {
        return pointer.isEmpty() ? "" : " in " + called(pointer);
    }

    private static String values(JsonNode list) {
        List<String> values = new ArrayList<>();
        list.forEach(value -> values.add(value.isValueNode() ? value.asText() : value.toString()));
        return String.join(", ", values);
    }

    private List<String> known(Error error) {
        List<String> names = new ArrayList<>();
        around(error, 1).path("properties").fields().forEachRemaining(property -> {
            if (!property.getValue().path("deprecated").asBoolean()) {
                names.add(property.getKey());
            }
        });
        return names;
    }

    /** The schema's own words: the description nearest to the rule that failed. */
    private String description(Error error) {
        for (int up = 1; up <= 3; up++) {
            String words = around(error, up).path("description").asText();
            if (!words.isEmpty()) {
                return words;
            }
        }
        return "";
    }

    /** The schema {@code up} levels above the rule that failed. */
    private JsonNode around(Error error, int up) {
        String rule = error.getSchemaLocation().getFragment().toString();
        for (int i = 0; i < up; i++) {
            int slash = rule.lastIndexOf('/');
            if (slash < 0) {
                return text.path("none");
            }
            rule = rule.substring(0, slash);
        }
        return text.at(rule);
    }
}
