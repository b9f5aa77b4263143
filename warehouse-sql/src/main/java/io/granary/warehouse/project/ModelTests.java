package io.granary.warehouse.project;

import com.fasterxml.jackson.databind.JsonNode;
import io.granary.warehouse.manifest.TestNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the data tests of one model's YAML; test i stands at {@code /tests/i}. */
final class ModelTests {
    private static final Set<String> COMMON = Set.of("name", "where", "severity");

    private final ProjectFiles files;
    private final String model;
    private final Path folder;
    private final Set<String> names = new HashSet<>();

    /** @param folder where the model's SQL tests are */
    ModelTests(ProjectFiles files, String model, Path folder) {
        this.files = files;
        this.model = model;
        this.folder = folder;
    }

    List<TestNode> read(YamlFile yaml) {
        List<TestNode> tests = new ArrayList<>();
        List<JsonNode> items = yaml.items("tests", item -> item);
        for (int i = 0; i < items.size(); i++) {
            test(items.get(i), "/tests/" + i, yaml.origin()).ifPresent(tests::add);
        }
        return tests;
    }

    private Optional<TestNode> test(JsonNode item, String pointer, Origin origin) {
        List<String> types = new ArrayList<>();
        item.fieldNames().forEachRemaining(key -> {
            if (!COMMON.contains(key)) {
                types.add(key);
            }
        });
        if (types.size() != 1) {
            files.problems()
                    .add(origin.problem(
                            pointer,
                            types.isEmpty()
                                    ? "the test has no type"
                                    : "the test has several types: " + String.join(", ", types),
                            "Each test is an item of its own with one type."));
            return Optional.empty();
        }
        String type = types.get(0);
        JsonNode value = item.get(type);
        List<String> columns = new ArrayList<>();
        Map<String, Object> arguments = new LinkedHashMap<>();
        if (value.isArray()) {
            value.forEach(column -> columns.add(column.asText()));
        } else if (value.isObject()) {
            value.properties().forEach(e -> arguments.put(e.getKey(), YamlValues.value(e.getValue())));
            Optional.ofNullable(arguments.remove("column")).ifPresent(column -> columns.add((String) column));
        } else if (type.equals("sql")) {
            Path file = folder.resolve(value.asText());
            arguments.put("file", files.name(file));
            sql(file, origin, pointer + "/sql").ifPresent(text -> arguments.put("sql", text));
        } else {
            arguments.put(type, value.asText());
        }
        String name = item.path("name").asText(name(type, columns, value));
        if (!names.add(name)) {
            files.problems()
                    .add(origin.problem(pointer, "test '" + name + "' is defined twice", "Give one of them a name."));
        }
        return Optional.of(new TestNode(
                "test." + model + "." + name,
                type,
                columns,
                arguments,
                item.path("where").asText(null),
                item.path("severity").asText("fail")));
    }

    private Optional<String> sql(Path file, Origin origin, String pointer) {
        if (!Files.isRegularFile(file)) {
            files.problems().add(origin.problem(pointer, "no file " + files.name(file), "A SQL test stands there."));
            return Optional.empty();
        }
        Optional<String> text = files.text(file);
        if (text.isPresent() && !text.get().contains("{this}")) {
            files.problem(file, "the test does not read {this}", "{this} stands for the model's table.");
        }
        return text;
    }

    private static String name(String type, List<String> columns, JsonNode value) {
        if (type.equals("sql")) {
            return value.asText().replace(".sql", "");
        }
        return columns.isEmpty() ? type : type + "_" + String.join("_", columns);
    }
}
