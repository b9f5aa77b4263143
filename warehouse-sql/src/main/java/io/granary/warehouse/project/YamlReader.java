package io.granary.warehouse.project;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.reader.ReaderException;

/** Reads one YAML text and remembers where each key and value stands. */
final class YamlReader {
    private static final YAMLFactory YAML = new YAMLFactory();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final String file;
    private final Problems problems;
    private final Map<String, Position> keys = new HashMap<>();
    private final Map<String, Position> values = new HashMap<>();

    private YamlReader(String file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /** The file's content; nothing when it is no YAML, which is then among the problems. */
    static Optional<YamlFile> read(String file, String text, Problems problems) {
        return new YamlReader(file, problems).read(text);
    }

    private Optional<YamlFile> read(String text) {
        try (YAMLParser parser = YAML.createParser(text)) {
            if (parser.nextToken() == null) {
                problems.add(Problem.at(file, Position.START, "the file is empty", "Fill it in, or delete it."));
                return Optional.empty();
            }
            JsonNode content = node(parser, "");
            if (parser.nextToken() != null) {
                problems.add(Problem.at(file, here(parser), "a second document begins", "One document a file."));
            }
            return Optional.of(new YamlFile(content, new Origin(file, keys, values)));
        } catch (JsonProcessingException e) {
            problems.add(problem(e, text));
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode node(YAMLParser parser, String pointer) throws IOException {
        values.put(pointer, here(parser));
        if (parser.isCurrentAlias()) {
            problems.add(Problem.at(
                    file, here(parser), "alias '*" + parser.getText() + "' is not supported", "Write the value out."));
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, pointer);
            case START_ARRAY -> array(parser, pointer);
            case VALUE_NUMBER_INT -> NODES.numberNode(parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDecimalValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            default -> NODES.textNode(parser.getText());
        };
    }

    private ObjectNode object(YAMLParser parser, String pointer) throws IOException {
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            String child = Origin.child(pointer, key);
            Position before = keys.put(child, here(parser));
            if (before != null) {
                problems.add(Problem.at(
                        file,
                        here(parser),
                        "key '" + key + "' stands twice",
                        "The first is in line " + before.line() + "."));
            }
            parser.nextToken();
            object.set(key, node(parser, child));
        }
        return object;
    }

    private ArrayNode array(YAMLParser parser, String pointer) throws IOException {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(node(parser, Origin.child(pointer, Integer.toString(array.size()))));
        }
        return array;
    }

    private static Position here(YAMLParser parser) {
        return new Position(
                parser.currentTokenLocation().getLineNr(),
                parser.currentTokenLocation().getColumnNr());
    }

    private Problem problem(JsonProcessingException e, String text) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
                Position at = new Position(
                        marked.getProblemMark().getLine() + 1,
                        marked.getProblemMark().getColumn() + 1);
                return Problem.at(file, at, "not YAML: " + marked.getProblem(), "");
            }
            if (cause instanceof ReaderException reader) {
                return Problem.at(
                        file,
                        Position.after(text.substring(0, reader.getPosition())),
                        String.format(
                                Locale.ROOT,
                                "not YAML: the control character U+%04X stands here",
                                reader.getCodePoint()),
                        "Delete it.");
            }
        }
        Position at = e.getLocation() == null
                ? Position.START
                : new Position(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
        String what = e.getOriginalMessage().lines().findFirst().orElse("");
        return Problem.at(file, at, "not YAML: " + what, "");
    }
}
