package io.granary.ingestion.sync.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads and writes a job as DataX's JSON. A key it does not know is an error that names it, never ignored. */
public final class DataxJson {
    static final JsonMapper JSON = mapper();

    private DataxJson() {}

    private static JsonMapper mapper() {
        JsonMapper mapper = JsonMapper.builder()
                .serializationInclusion(JsonInclude.Include.NON_NULL)
                .enable(SerializationFeature.INDENT_OUTPUT)
                .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
                .build();
        for (Class<?> many : List.of(List.class, Map.class)) {
            mapper.configOverride(many).setInclude(JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, null));
        }
        return mapper;
    }

    public static String write(DataxJob job) {
        ObjectNode root = JSON.createObjectNode();
        if (!job.core().equals(Core.DEFAULT)) {
            root.set("core", JSON.valueToTree(job.core()));
        }
        ObjectNode body = root.putObject("job");
        body.set("setting", JSON.valueToTree(job.setting()));
        ObjectNode content = body.putArray("content").addObject();
        content.set("reader", Plugins.write(job.reader().plugin(), job.reader()));
        content.set("writer", Plugins.write(job.writer().plugin(), job.writer()));
        if (!job.transformers().isEmpty()) {
            content.set("transformer", JSON.valueToTree(job.transformers()));
        }
        try {
            return JobVariables.protect(JSON.writeValueAsString(root)) + "\n";
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

    /** Reads a job that has no variables. */
    public static DataxJob read(String json, String where) {
        return read(json, where, Map.of());
    }

    /**
     * Reads a job; {@code where} names it in messages.
     *
     * @param variables values of the job's variables, see {@link JobVariables}
     * @throws GranaryException with the place of the first key that is unknown, missing or wrong
     */
    public static DataxJob read(String json, String where, Map<String, String> variables) {
        JsonNode root = tree(JobVariables.replace(json, where, variables), where);
        JobKeys.check(root, where, "", Set.of("job", "core"));
        JsonNode job = root.path("job");
        if (!job.isObject()) {
            throw new GranaryException(ErrorCode.DEFINITION, where + ": key 'job' is missing");
        }
        JobKeys.check(job, where, "job", Set.of("setting", "content"));
        Core core = root.has("core") ? value(root.get("core"), Core.class, where, "core") : Core.DEFAULT;
        DataxJob.Setting setting = job.has("setting")
                ? value(job.get("setting"), DataxJob.Setting.class, where, "job.setting")
                : DataxJob.Setting.DEFAULT;
        List<DataxJob.Content> contents = new ArrayList<>();
        for (JsonNode content : job.path("content").isObject() ? List.of(job.get("content")) : job.path("content")) {
            contents.add(content(content, where, "job.content[" + contents.size() + "]"));
        }
        try {
            return new DataxJob(core, setting, contents);
        } catch (GranaryException e) {
            throw new GranaryException(e.code(), where + ": " + e.getMessage(), e);
        }
    }

    private static JsonNode tree(String json, String where) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    where + ":"
                            + (e.getLocation() == null ? "" : e.getLocation().getLineNr() + ":") + " no JSON: "
                            + e.getOriginalMessage(),
                    e);
        }
    }

    private static DataxJob.Content content(JsonNode node, String where, String at) {
        JobKeys.check(node, where, at, Set.of("reader", "writer", "transformer"));
        List<Transformer> transformers = new ArrayList<>();
        for (JsonNode transformer : node.path("transformer")) {
            transformers.add(
                    value(transformer, Transformer.class, where, at + ".transformer[" + transformers.size() + "]"));
        }
        return new DataxJob.Content(
                Plugins.reader(node.path("reader"), where, at + ".reader"),
                Plugins.writer(node.path("writer"), where, at + ".writer"),
                transformers);
    }

    /** A record of a JSON object whose keys are all known. */
    static <T> T value(JsonNode node, Class<T> type, String where, String at) {
        if (!node.isObject()) {
            throw new GranaryException(ErrorCode.DEFINITION, where + ": " + at + " is missing or no object");
        }
        JobKeys.check(node, (Type) type, where, at);
        return convert(node, type, where, at);
    }

    static <T> T convert(JsonNode node, Class<T> type, String where, String at) {
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

    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : e.getPath()) {
            if (TextKeys.COMPONENT.equals(reference.getFieldName())) {
                continue; // its keys stand among the reader's own
            }
            path.append(
                    reference.getFieldName() == null
                            ? "[" + reference.getIndex() + "]"
                            : "." + reference.getFieldName());
        }
        return path.toString();
    }
}
