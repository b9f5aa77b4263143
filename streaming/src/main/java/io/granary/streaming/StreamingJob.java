package io.granary.streaming;

import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.watch.MetricsServer;
import io.granary.streaming.watch.StreamMetrics;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.manifest.Manifest;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Counts the log sources' lines in real time until it is stopped. A query that fails is started again in this process
 * ({@link QueryRun}); one that a person has to mend stays away, and when no other is left the process ends with the
 * reason. A restart goes on where the last complete step was.
 */
@Command(
        name = "streaming",
        mixinStandardHelpOptions = true,
        description = "Count log lines in real time into Redis, exactly once (a component of the cluster).")
public final class StreamingJob implements Callable<Integer> {
    /** Before Spark's own hooks, which would tear the session down under the queries. */
    private static final int HOOK_PRIORITY = 100;

    @Mixin
    private CommonOptions options;

    @Option(names = "--manifest", hidden = true, description = "The manifest (default: that of the state folder)")
    private Path manifest;

    public static void main(String[] args) {
        Commands.main(new StreamingJob(), args);
    }

    @Override
    public Integer call() throws Exception {
        Home home = options.home();
        RunFiles files = RunFiles.begin(home);
        Profile profile = options.profile();
        List<StreamQuery> queries = StreamQuery.of(Manifest.read(manifest == null ? home.manifest() : manifest));
        SparkSession spark = Sessions.open(profile, home);
        StreamMetrics metrics = new StreamMetrics();
        MetricsServer server = MetricsServer.start(profile.streaming().metrics(), metrics, spark.sparkContext());
        CounterQueries running = new CounterQueries(spark, profile, queries, metrics, server.url());
        ShutdownHookManager.get().addShutdownHook(() -> stop(running, server, files), HOOK_PRIORITY);
        files.serves(server.url());
        running.start();
        files.counts();
        System.err.println("streaming up: "
                + (queries.isEmpty() ? "the project has no counters" : String.join(", ", names(queries))) + "; "
                + server.url());
        if (queries.isEmpty()) {
            new CountDownLatch(1).await();
        }
        running.awaitEnd();
        return 0;
    }

    private static List<String> names(List<StreamQuery> queries) {
        return queries.stream().map(StreamQuery::name).toList();
    }

    private static void stop(CounterQueries running, MetricsServer server, RunFiles files) {
        try {
            files.end();
        } finally {
            running.stop();
            server.close();
        }
    }
}
