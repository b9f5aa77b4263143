package io.granary.bench;

import io.granary.streaming.Sessions;
import io.granary.streaming.StreamRun;
import io.granary.streaming.count.Records;
import io.granary.streaming.query.DimensionVersions;
import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.store.RedisNodes;
import io.granary.streaming.store.RedisRetry;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.manifest.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The query of the streaming job, on a topic of the benchmark's. */
public final class GranaryStreamPeer implements Consumer<Properties> {
    private static final Logger LOG = LoggerFactory.getLogger(GranaryStreamPeer.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private SparkSession spark;

    @Override
    public void accept(Properties task) {
        Home home = new Home(Path.of(task.getProperty("home")));
        Profile profile = Profile.load(home.profile(), Map.of());
        try {
            if (spark == null) {
                spark = Sessions.open(profile, home);
            }
            StreamQuery query = StreamQuery.of(manifest(home, task)).get(0);
            RedisRetry retry = new RedisRetry(PATIENCE);
            try (RedisNodes redis = RedisNodes.open(profile.redisAddress(), ANSWER)) {
                count(task, profile, query, redis, retry);
            }
        } catch (IOException | TimeoutException | StreamingQueryException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The compiled project, with the topic in place of the source's own. */
    private static Manifest manifest(Home home, Properties task) throws IOException {
        String text = Files.readString(home.manifest())
                .replace("\"granary.ysb.ad\"", "\"" + task.getProperty("topic") + "\"");
        Path file = Files.createTempFile(home.root(), "manifest", ".json");
        Files.writeString(file, text);
        return Manifest.read(file);
    }

    private void count(Properties task, Profile profile, StreamQuery query, RedisNodes redis, RedisRetry retry)
            throws TimeoutException, StreamingQueryException {
        StreamRun run = new StreamRun(
                spark,
                query,
                Records.valueOf(task.getProperty("input").toUpperCase(Locale.ROOT)),
                profile.kafka(),
                profile.fs() + "/granary/checkpoints/bench-" + UUID.randomUUID(),
                Duration.ofMillis(Long.parseLong(task.getProperty("trigger"))),
                Long.parseLong(task.getProperty("records")),
                DimensionVersions.of(profile));
        StreamingQuery running = run.start(redis, retry, report -> LOG.debug("{}", report));
        if (task.containsKey("for_ever")) {
            running.awaitTermination();
        } else {
            running.processAllAvailable();
            running.stop();
        }
    }
}
