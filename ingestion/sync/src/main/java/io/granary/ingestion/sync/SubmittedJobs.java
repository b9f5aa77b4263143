package io.granary.ingestion.sync;

import io.granary.ingestion.sync.spark.SparkApplication;
import io.granary.tablestore.SubmittedVerbs;
import java.util.Map;
import java.util.function.Function;

/** {@code granary submit sync} and {@code granary submit job}: the spark engine in the application that submit starts. */
public final class SubmittedJobs implements SubmittedVerbs {
    private static final String ENGINE = "spark";

    @Override
    public Map<String, Function<Submission, Object>> verbs() {
        return Map.of(
                "sync",
                given -> new SyncCommand(
                        profile -> Stores.of(profile, given.sessions()), SparkApplication.of(given.sessions()), ENGINE),
                "job",
                given -> new JobCommand(SparkApplication.of(given.sessions()), System.getenv(), ENGINE));
    }
}
