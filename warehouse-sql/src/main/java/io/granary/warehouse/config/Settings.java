package io.granary.warehouse.config;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.Optional;

/**
 * The values of a profile's keys, the environment before the file, references resolved when a value is asked for.
 *
 * @param file the profile's own values by key, as they are written
 */
record Settings(ConfigSource file, References references) implements ConfigSource {

    @Override
    public Optional<String> value(String key) {
        return written(key).map(references::resolve);
    }

    /** @throws GranaryException when there is none, with what to add */
    String required(String key) {
        return value(key)
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.DEFINITION,
                        "profile " + references.folder() + " has no value for '" + key + "'. Add it, or set "
                                + ConfigSource.variable(key) + "."));
    }

    /**
     * Where another process finds the value, {@code env:NAME} or {@code file:/path}; empty when there is none.
     *
     * @throws GranaryException when the profile holds the value itself
     */
    String reference(String key) {
        String variable = ConfigSource.variable(key);
        if (references.environment().containsKey(variable)) {
            return "env:" + variable;
        }
        String text = file.value(key).orElse("");
        if (text.isEmpty()) {
            return "";
        }
        return references
                .passedOn(text)
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.DEFINITION,
                        key + " is no reference, and secrets are passed on as references only. Write ${env:NAME} or"
                                + " ${file:path} in the profile."));
    }

    private Optional<String> written(String key) {
        return ConfigSource.environment(references.environment()).orElse(file).value(key);
    }
}
