package io.granary.ingestion.sync.job;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.List;

/** Keys a DataX plugin cannot do without; the messages name plugin and key. */
public final class Required {
    private Required() {}

    public static String text(String plugin, String key, String value) {
        if (value == null || value.isBlank()) {
            throw new GranaryException(ErrorCode.DEFINITION, plugin + ": key '" + key + "' is missing");
        }
        return value;
    }

    public static <T> List<T> list(String plugin, String key, List<T> values) {
        if (values == null || values.isEmpty()) {
            throw new GranaryException(ErrorCode.DEFINITION, plugin + ": key '" + key + "' is missing or empty");
        }
        return List.copyOf(values);
    }

    public static <T> List<T> one(String plugin, String key, List<T> values) {
        if (list(plugin, key, values).size() != 1) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    plugin + ": key '" + key + "' has " + values.size() + " entries; exactly one is supported");
        }
        return List.copyOf(values);
    }

    public static void oneOf(String plugin, String key, String value, String... known) {
        text(plugin, key, value);
        if (!List.of(known).contains(value)) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    plugin + ": " + key + " is '" + value + "'; supported: " + String.join(", ", known));
        }
    }
}
