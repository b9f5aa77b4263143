package io.granary.ingestion.sync;

import io.granary.ingestion.sync.datax.DataxEngine;
import io.granary.ingestion.sync.datax.DataxHome;
import io.granary.ingestion.sync.engine.Engine;
import io.granary.ingestion.sync.engine.NativeEngine;
import io.granary.ingestion.sync.engine.Progress;
import io.granary.ingestion.sync.spark.ProfileSource;
import io.granary.ingestion.sync.spark.SparkApplication;
import io.granary.ingestion.sync.spark.SparkEngine;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;

/** The engines by the names that sources, exports and commands use. */
public final class Engines {
    private final Profile profile;
    private final Path profileFile;
    private final Configuration hadoop;

    /** @param profileFile where the machines of a cluster have the profile */
    public Engines(Profile profile, Path profileFile, Configuration hadoop) {
        this.profile = profile;
        this.profileFile = profileFile;
        this.hadoop = hadoop;
    }

    /**
     * An engine.
     *
     * @param name {@code native}, {@code spark} or {@code datax}
     * @param dirtyRows file for the rows that are left out
     * @throws GranaryException when there is no such engine, or it is not installed
     */
    public Engine of(String name, Path dirtyRows) {
        return switch (name) {
            case "native" -> new NativeEngine(profile, hadoop, dirtyRows, Progress.NONE);
            case "spark" -> new SparkEngine(SparkApplication.session(), ProfileSource.of(profileFile), hadoop);
            case "datax" -> new DataxEngine(DataxHome.of(System.getenv()), profile, hadoop, dirtyRows);
            default ->
                throw new GranaryException(
                        ErrorCode.DEFINITION, "there is no engine '" + name + "'; there are: native, spark, datax");
        };
    }
}
