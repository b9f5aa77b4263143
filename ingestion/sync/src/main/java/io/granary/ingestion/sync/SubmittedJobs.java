package io.granary.ingestion.sync;

import io.granary.ingestion.sync.spark.SparkApplication;
import io.granary.tablestore.Sessions;
import io.granary.tablestore.SubmittedVerbs;
import java.util.Map;
import java.util.function.Function;

/** {@code granary submit sync} and {@code granary submit job}: the spark engine in the application that submit starts. */
public final class SubmittedJobs implements SubmittedVerbs {
    private static final String ENGINE = "spark";

    @Override
    public Map<String, Function<Sessions, Object>> verbs() {
        return Map.of(
                "sync",
                sessions ->
                        new SyncCommand(profile -> Stores.of(profile, sessions), SparkApplication.of(sessions), ENGINE),
                "job",
                sessions -> new JobCommand(SparkApplication.of(sessions), System.getenv(), ENGINE));
    }
}
