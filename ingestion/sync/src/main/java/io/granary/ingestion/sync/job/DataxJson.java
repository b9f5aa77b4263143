package io.granary.ingestion.sync.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads and writes a job as DataX's JSON. A key it does not know is an error that names it, never ignored. */
public final class DataxJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .serializationInclusion(JsonInclude.Include.NON_EMPTY)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            .build();

    private DataxJson() {}

    public static String write(DataxJob job) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode body = root.putObject("job");
        body.set("setting", JSON.valueToTree(job.setting()));
        ObjectNode content = body.putArray("content").addObject();
        plugin(content, "reader", job.reader().plugin(), job.reader());
        plugin(content, "writer", job.writer().plugin(), job.writer());
        try {
            return JSON.writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new GranaryException(ErrorCode.INTERNAL, "job cannot be written as JSON: " + e.getMessage(), e);
        }
    }

    /** Writes a job's file, so that people can read what ran. */
    public static Path write(DataxJob job, Path file) {
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, write(job));
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot write " + file + ": " + e, e);
        }
    }

    /**
     * Reads a job; {@code where} names it in messages.
     *
     * @throws GranaryException with the place of the first key that is unknown, missing or wrong
     */
    public static DataxJob read(String json, String where) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new GranaryException(ErrorCode.DEFINITION, where + ": no JSON: " + e.getOriginalMessage(), e);
        }
        keys(root, where, "", Set.of("job"));
        JsonNode job = root.path("job");
        keys(job, where, "job", Set.of("setting", "content"));
        DataxJob.Setting setting = job.has("setting")
                ? value(job.get("setting"), DataxJob.Setting.class, where, "job.setting")
                : DataxJob.Setting.DEFAULT;
        List<DataxJob.Content> contents = new ArrayList<>();
        for (JsonNode content : job.path("content")) {
            String at = "job.content[" + contents.size() + "]";
            keys(content, where, at, Set.of("reader", "writer"));
            contents.add(new DataxJob.Content(
                    reader(content.path("reader"), where, at + ".reader"),
                    writer(content.path("writer"), where, at + ".writer")));
        }
        return new DataxJob(setting, contents);
    }

    private static DataxJob.Reader reader(JsonNode node, String where, String at) {
        keys(node, where, at, Set.of("name", "parameter"));
        return switch (node.path("name").asText()) {
            case DataxJob.MysqlReader.NAME -> parameter(node, DataxJob.MysqlReader.class, where, at);
            case DataxJob.HdfsReader.NAME -> parameter(node, DataxJob.HdfsReader.class, where, at);
            default -> throw unknown(node, where, at, DataxJob.MysqlReader.NAME, DataxJob.HdfsReader.NAME);
        };
    }

    private static DataxJob.Writer writer(JsonNode node, String where, String at) {
        keys(node, where, at, Set.of("name", "parameter"));
        return switch (node.path("name").asText()) {
            case DataxJob.HdfsWriter.NAME -> parameter(node, DataxJob.HdfsWriter.class, where, at);
            case DataxJob.MysqlWriter.NAME -> parameter(node, DataxJob.MysqlWriter.class, where, at);
            default -> throw unknown(node, where, at, DataxJob.HdfsWriter.NAME, DataxJob.MysqlWriter.NAME);
        };
    }

    private static GranaryException unknown(JsonNode node, String where, String at, String... known) {
        return new GranaryException(
                ErrorCode.DEFINITION,
                where + ": " + at + ".name is '" + node.path("name").asText() + "'; supported: "
                        + String.join(", ", known));
    }

    private static <T> T parameter(JsonNode node, Class<T> type, String where, String at) {
        return value(node.path("parameter"), type, where, at + ".parameter");
    }

    private static <T> T value(JsonNode node, Class<T> type, String where, String at) {
        if (!node.isObject()) {
            throw new GranaryException(ErrorCode.DEFINITION, where + ": " + at + " is missing or no object");
        }
        known(node, type, where, at);
        try {
            return JSON.treeToValue(node, type);
        } catch (JsonMappingException e) {
            String reason =
                    e.getCause() instanceof GranaryException cause ? cause.getMessage() : e.getOriginalMessage();
            throw new GranaryException(ErrorCode.DEFINITION, where + ": " + at + path(e) + ": " + reason, e);
        } catch (JsonProcessingException e) {
            throw new GranaryException(ErrorCode.DEFINITION, where + ": " + at + ": " + e.getOriginalMessage(), e);
        }
    }

    /** Before a record complains of a missing key, the misspelt one is named. */
    private static void known(JsonNode node, Type type, String where, String at) {
        if (type instanceof ParameterizedType list) {
            int i = 0;
            for (JsonNode element : node) {
                known(element, list.getActualTypeArguments()[0], where, at + "[" + i++ + "]");
            }
        } else if (type instanceof Class<?> record && record.isRecord() && node.isObject()) {
            Map<String, Type> components = new TreeMap<>();
            for (RecordComponent component : record.getRecordComponents()) {
                components.put(component.getName(), component.getGenericType());
            }
            keys(node, where, at, components.keySet());
            node.fields()
                    .forEachRemaining(
                            f -> known(f.getValue(), components.get(f.getKey()), where, at + "." + f.getKey()));
        }
    }

    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : e.getPath()) {
            path.append(
                    reference.getFieldName() == null
                            ? "[" + reference.getIndex() + "]"
                            : "." + reference.getFieldName());
        }
        return path.toString();
    }

    private static void keys(JsonNode node, String where, String at, Set<String> known) {
        node.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        where + ": unknown key " + (at.isEmpty() ? "" : at + ".") + key + "; known: "
                                + new TreeSet<>(known));
            }
        });
    }

    private static void plugin(ObjectNode content, String side, String name, Object parameter) {
        ObjectNode node = content.putObject(side);
        node.put("name", name);
        ObjectNode values = JSON.valueToTree(parameter);
        node.set("parameter", values);
    }
}
