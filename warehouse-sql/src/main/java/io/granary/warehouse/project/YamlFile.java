package io.granary.warehouse.project;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A YAML file that was read: its content and where everything stands. Texts are read after the schema has passed. */
record YamlFile(JsonNode content, Origin origin) {

    String text(String key) {
        return content.path(key).asText();
    }

    /** The text, or {@code absent} when the key is not there. */
    String text(String key, String absent) {
        return content.has(key) ? text(key) : absent;
    }

    boolean flag(String key) {
        return content.path(key).asBoolean(false);
    }

    List<String> texts(String key) {
        return items(key, JsonNode::asText);
    }

    <T> List<T> items(String key, Function<JsonNode, T> reader) {
        List<T> items = new ArrayList<>();
        content.path(key).forEach(item -> items.add(reader.apply(item)));
        return items;
    }
}
