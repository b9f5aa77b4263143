package io.granary.streaming;

import io.granary.streaming.query.StreamQuery;
import io.granary.warehouse.command.Commands;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Counts the log sources' lines in real time until it is stopped. Ends with an error when a query fails, so that whoever
 * supervises it starts it again: a restart goes on where the last complete step was.
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

    public static void main(String[] args) {
        Commands.main(new StreamingJob(), args);
    }

    @Override
    public Integer call() throws Exception {
        Home home = options.home();
        Path ready = home.run().resolve("streaming.ready");
        Files.createDirectories(ready.getParent());
        Files.deleteIfExists(ready);
        Profile profile = options.profile();
        List<StreamQuery> queries = StreamQuery.of(Manifest.read(home.manifest()));
        SparkSession spark = Sessions.open(profile, home);
        CounterQueries running = new CounterQueries(spark, profile);
        ShutdownHookManager.get().addShutdownHook(() -> stop(running, ready), HOOK_PRIORITY);
        running.start(queries);
        Files.writeString(ready, ProcessHandle.current().pid() + "\n");
        System.err.println("streaming up: "
                + (queries.isEmpty() ? "the project has no counters" : String.join(", ", names(queries))));
        if (queries.isEmpty()) {
            new CountDownLatch(1).await();
        }
        running.awaitFailure();
        return 0;
    }

    private static List<String> names(List<StreamQuery> queries) {
        return queries.stream().map(StreamQuery::name).toList();
    }

    private static void stop(CounterQueries running, Path ready) {
        try {
            Files.deleteIfExists(ready);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot delete " + ready + ": " + e, e);
        } finally {
            running.stop();
        }
    }
}
