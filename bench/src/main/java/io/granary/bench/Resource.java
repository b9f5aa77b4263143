package io.granary.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Texts that come with the benchmarks. */
final class Resource {
    private Resource() {}

    /** A text with every {@code :name} of the map replaced, the longest names first. */
    static String text(String name, Map<String, Object> values) {
        String text;
        try (InputStream in = Resource.class.getResourceAsStream(name)) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (Map.Entry<String, Object> value : values.entrySet()) {
            text = text.replace(":" + value.getKey(), String.valueOf(value.getValue()));
        }
        return text;
    }
}
