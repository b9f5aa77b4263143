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
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * The engines by the names that sources and commands use.
 *
 * @param profileFile where the machines of a cluster have the profile
 * @param application that the spark engine runs in
 * @param environment that says where DataX is
 * @param instead engine in place of the one that a source names, or null
 */
public record Engines(
        Profile profile,
        Path profileFile,
        Configuration hadoop,
        SparkApplication application,
        Map<String, String> environment,
        String instead) {
    public Engines(Profile profile, Path profileFile, Configuration hadoop) {
        this(profile, profileFile, hadoop, SparkApplication.OWN, System.getenv(), null);
    }

    /** The engine for a source that names this one, or none. */
    String name(String ofSource) {
        if (instead != null) {
            return instead;
        }
        return ofSource == null ? "native" : ofSource;
    }

    /**
     * An engine.
     *
     * @param name {@code native}, {@code spark} or {@code datax}
     * @param dirtyRows file for the rows that are left out; the spark engine only counts them
     * @throws GranaryException when there is no such engine, or it is not installed
     */
    public Engine of(String name, Path dirtyRows) {
        return of(name, dirtyRows, Progress.NONE);
    }

    /** @param progress that the native engine shows; the others tell nothing before their end */
    Engine of(String name, Path dirtyRows, Progress progress) {
        return switch (name) {
            case "native" -> new NativeEngine(profile, hadoop, dirtyRows, progress);
            case "spark" -> new SparkEngine(application.session(profile), ProfileSource.of(profileFile), hadoop);
            case "datax" -> new DataxEngine(DataxHome.of(environment), profile, hadoop, dirtyRows);
            default ->
                throw new GranaryException(
                        ErrorCode.DEFINITION, "there is no engine '" + name + "'; there are: native, spark, datax");
        };
    }
}
