package io.granary.warehouse.config;

import java.util.Map;
import java.util.Optional;

/**
 * Where settings come from. Files and the environment now; a configuration centre can follow behind the same seam.
 */
@FunctionalInterface
public interface ConfigSource {
    /** The value of a setting such as {@code kafka} or {@code connections.shop.port}, or empty when this source has none. */
    Optional<String> value(String key);

    /** Reads {@code GRANARY_KAFKA} for {@code kafka} and {@code GRANARY_CONNECTIONS_SHOP_PORT} for {@code connections.shop.port}. */
    static ConfigSource environment(Map<String, String> environment) {
        return key -> Optional.ofNullable(environment.get(variable(key)));
    }

    /** The environment variable that sets a key. */
    static String variable(String key) {
        return "GRANARY_" + key.replace('.', '_').replace('-', '_').toUpperCase(java.util.Locale.ROOT);
    }

    /** This source where it has a value, else the other one. */
    default ConfigSource orElse(ConfigSource other) {
        return key -> value(key).or(() -> other.value(key));
    }
}
