package io.granary.ingestion.sync.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.project.Suggestion;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Names of readers and writers, and their parameters as JSON. */
final class Plugins {
    private static final Map<String, Class<? extends DataxJob.Reader>> READERS = new TreeMap<>(Map.of(
            HdfsReader.NAME, HdfsReader.class,
            TxtFileReader.NAME, TxtFileReader.class,
            FtpReader.NAME, FtpReader.class,
            HttpReader.NAME, HttpReader.class,
            StreamReader.NAME, StreamReader.class));
    private static final Map<String, Class<? extends DataxJob.Writer>> WRITERS = new TreeMap<>(Map.of(
            HdfsWriter.NAME, HdfsWriter.class,
            TxtFileWriter.NAME, TxtFileWriter.class,
            StreamWriter.NAME, StreamWriter.class,
            RedisWriter.NAME, RedisWriter.class));
    private static final Map<String, RdbmsKind> KINDS = new TreeMap<>();

    static {
        for (RdbmsKind kind : RdbmsKind.values()) {
            READERS.put(kind.reader(), RdbmsReader.class);
            WRITERS.put(kind.writer(), RdbmsWriter.class);
            KINDS.put(kind.reader(), kind);
            KINDS.put(kind.writer(), kind);
        }
    }

    private Plugins() {}

    static DataxJob.Reader reader(JsonNode node, String where, String at) {
        return parameter(node, READERS, where, at);
    }

    static DataxJob.Writer writer(JsonNode node, String where, String at) {
        return parameter(node, WRITERS, where, at);
    }

    static ObjectNode write(String name, Object parameter) {
        ObjectNode node = DataxJson.JSON.createObjectNode();
        node.put("name", name);
        ObjectNode values = DataxJson.JSON.valueToTree(parameter);
        values.remove("kind");
        if (values.remove(TextKeys.COMPONENT) instanceof ObjectNode text) {
            values.setAll(text);
        }
        if (!KINDS.containsKey(name) && name.endsWith("reader") && !values.has("column")) {
            values.putArray("column").add("*");
        }
        node.set("parameter", values);
        return node;
    }

    private static <T> T parameter(JsonNode node, Map<String, Class<? extends T>> known, String where, String at) {
        if (!node.isObject()) {
            throw new GranaryException(ErrorCode.DEFINITION, where + ": " + at + " is missing or no object");
        }
        JobKeys.check(node, where, at, Set.of("name", "parameter"));
        String name = node.path("name").asText();
        Class<? extends T> type = known.get(name);
        if (type == null) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    where + ": " + at + ".name is '" + name + "'. "
                            + Suggestion.of(
                                    name, known.keySet(), "Supported: " + String.join(", ", known.keySet()) + "."));
        }
        String inside = at + ".parameter";
        if (!node.path("parameter").isObject()) {
            throw new GranaryException(ErrorCode.DEFINITION, where + ": " + inside + " is missing or no object");
        }
        ObjectNode parameter = node.get("parameter").deepCopy();
        JobKeys.check(parameter, type, where, inside);
        RdbmsKind kind = KINDS.get(name);
        if (kind != null) {
            parameter.put("kind", kind.name());
        } else if (isAll(parameter.path("column"))) {
            parameter.putArray("column");
        }
        if (holdsText(type)) {
            gatherText(parameter);
        }
        return DataxJson.convert(parameter, type, where, inside);
    }

    private static boolean holdsText(Class<?> type) {
        return Arrays.stream(type.getRecordComponents()).anyMatch(c -> c.getType() == TextKeys.class);
    }

    private static void gatherText(ObjectNode parameter) {
        ObjectNode text = DataxJson.JSON.createObjectNode();
        for (RecordComponent key : TextKeys.class.getRecordComponents()) {
            JsonNode value = parameter.remove(key.getName());
            if (value != null) {
                text.set(key.getName(), value);
            }
        }
        parameter.set(TextKeys.COMPONENT, text);
    }

    private static boolean isAll(JsonNode column) {
        return column.asText().equals("*")
                || (column.size() == 1 && column.path(0).asText().equals("*"));
    }
}
