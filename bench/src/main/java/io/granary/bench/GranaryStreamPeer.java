package io.granary.bench;

import io.granary.streaming.Sessions;
import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.count.BatchStep;
import io.granary.streaming.count.CounterBatch;
import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.store.CounterStore;
import io.granary.streaming.store.RedisRetry;
import io.granary.streaming.store.Slices;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.manifest.Manifest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;

/** What the streaming component does with a source's topic, on a topic of the benchmark's: everything, exactly once. */
public final class GranaryStreamPeer implements Consumer<Properties> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

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
            try (UnifiedJedis redis = RedisClient.create(URI.create(profile.redis()))) {
                count(task, profile, query, redis);
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

    private void count(Properties task, Profile profile, StreamQuery query, UnifiedJedis redis)
            throws TimeoutException, StreamingQueryException {
        String location = profile.fs() + "/granary/checkpoints" + task.getProperty("folder");
        Checkpoint checkpoint = new Checkpoint(location, spark.sessionState().newHadoopConf());
        checkpoint.verify();
        CounterStore store =
                new CounterStore(query.name(), checkpoint, redis, new RedisRetry(PATIENCE), Clock.systemUTC());
        store.claim();
        CounterBatch batch = new CounterBatch(query, checkpoint, store, Slices.SIZE, BatchStep.Observer.NONE);
        boolean isForEver = task.containsKey("trigger");
        spark.readStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", profile.kafka())
                .option("subscribe", task.getProperty("topic"))
                .option("startingOffsets", "earliest")
                .option("maxOffsetsPerTrigger", task.getProperty("records"))
                .load()
                .select("partition", "offset", "value")
                .writeStream()
                .queryName(query.name())
                .trigger(
                        isForEver
                                ? Trigger.ProcessingTime(Long.parseLong(task.getProperty("trigger")))
                                : Trigger.AvailableNow())
                .option("checkpointLocation", location)
                .foreachBatch((VoidFunction2<Dataset<Row>, Long>) batch::run)
                .start()
                .awaitTermination();
    }
}
