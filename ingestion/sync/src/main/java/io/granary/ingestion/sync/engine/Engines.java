package io.granary.ingestion.sync.engine;

import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;

/** The engines by the names that sources, exports and commands use. */
public final class Engines {
    private Engines() {}

    /**
     * An engine.
     *
     * @param name {@code native}, {@code spark} or {@code datax}
     * @param dirtyRows file for the rows that are left out
     */
    public static Engine of(String name, Profile profile, Configuration hadoop, Path dirtyRows) {
        return switch (name) {
            case "native" -> new NativeEngine(profile, hadoop, dirtyRows, Progress.NONE);
            default ->
                throw new GranaryException(
                        ErrorCode.DEFINITION, "there is no engine '" + name + "'; there are: native, spark, datax");
        };
    }
}
