package io.granary.streaming.submit;

import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.SubmitVerb;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code granary submit streaming} as a process; settings of Spark come as system properties. */
public final class SubmitMain {
    private SubmitMain() {}

    public static void main(String[] args) {
        Map<String, String> settings = new LinkedHashMap<>();
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("spark."))
                .forEach(name -> settings.put(name, System.getProperty(name)));
        SubmitVerb.Submission given = new SubmitVerb.Submission() {
            @Override
            public Optional<String> master() {
                return Optional.empty();
            }

            @Override
            public Map<String, String> settings() {
                return settings;
            }
        };
        Commands.main(new SubmitStreaming().command(given), args);
    }
}
