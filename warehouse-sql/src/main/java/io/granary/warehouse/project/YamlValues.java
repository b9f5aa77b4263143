package io.granary.warehouse.project;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.List;
import java.util.Map;

/** Values of a YAML file as plain Java ones, the same that are read back from a manifest: numbers keep their digits. */
final class YamlValues {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private YamlValues() {}

    static Object value(JsonNode node) {
        return read(node, new TypeReference<>() {});
    }

    static List<Map<String, Object>> rows(JsonNode list) {
        return read(list, new TypeReference<>() {});
    }

    private static <T> T read(JsonNode node, TypeReference<T> type) {
        try {
            return JSON.readValue(node.toString(), type);
        } catch (JsonProcessingException e) {
            throw new GranaryException(ErrorCode.INTERNAL, "not read as JSON: " + node, e);
        }
    }
}
