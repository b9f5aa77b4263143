package io.granary.streaming.submit;

import io.granary.tablestore.Sessions;
import io.granary.tablestore.SubmittedVerbs.Submission;
import io.granary.warehouse.command.Commands;
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
        Commands.main(
                new SubmitStreamingCommand(new Submission(Sessions.HIVE_JDBC, Optional::empty, () -> settings)), args);
    }
}
