package io.granary.streaming.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.streaming.KafkaFixture;
import io.granary.streaming.Sessions;
import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.count.BatchStep;
import io.granary.streaming.count.CounterBatch;
import io.granary.streaming.count.CounterRows;
import io.granary.streaming.count.CountingFixture;
import io.granary.streaming.count.NaiveCount;
import io.granary.streaming.count.Records;
import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.store.CounterStore;
import io.granary.streaming.store.RedisFixture;
import io.granary.streaming.store.RedisRetry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch that died runs again in other tasks: with more cores, parts and Kafka partitions, and slices of another size. */
class RerunIT {
    private static final String TOPIC = "rerun";
    /** All of them in the long run. */
    private static final Set<BatchStep> STEPS = Boolean.getBoolean("granary.faults.rebuild")
            ? EnumSet.allOf(BatchStep.class)
            : EnumSet.of(BatchStep.SLICE_APPLIED);

    @TempDir
    private Path folder;

    private final Random random = new Random(8);
    private final NaiveCount truth = new NaiveCount();
    private final StreamQuery query = CountingFixture.query("traffic.access_log");
    private final List<LogFile> files = new ArrayList<>();
    private KafkaFixture kafka;
    private RedisFixture redis;
    private int partitions = 4;

    /** How a batch is spread over tasks. */
    private record Layout(int cores, int minPartitions, int shuffled, int sliceSize) {}

    /** A process that dies. */
    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void countsTheSame() throws Exception {
        kafka = new KafkaFixture(folder);
        redis = new RedisFixture();
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(TOPIC, partitions, (short) 1)))
                    .all()
                    .get();
            for (int i = 0; i < 12; i++) {
                files.add(new LogFile("f" + i, "site-" + i, Instant.now().minusSeconds(600), random));
            }
            for (BatchStep step : STEPS) {
                send(40);
                assertThatThrownBy(() -> countUntil(step, new Layout(1, 1, 1, 7)))
                        .as("%s", step)
                        .isInstanceOf(StreamingQueryException.class)
                        .hasRootCauseInstanceOf(Crash.class);
                admin.createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(++partitions)))
                        .all()
                        .get();
                send(20);
                count(step, new Layout(4, 9, 5, 1000));
            }
        } finally {
            SparkSession.active().stop();
            redis.close();
            kafka.close();
        }
    }

    private Admin admin() {
        return Admin.create(Map.<String, Object>of("bootstrap.servers", kafka.bootstrap()));
    }

    /** Some lines come twice, in another partition too; the files lie elsewhere when there are more partitions. */
    private void send(int chunks) throws Exception {
        List<KafkaFixture.Sent> records = new ArrayList<>();
        for (int i = 0; i < chunks; i++) {
            LogFile file = files.get(random.nextInt(files.size()));
            boolean isAgain = random.nextInt(5) == 0;
            int partition = isAgain
                    ? random.nextInt(partitions)
                    : Math.floorMod(file.name().hashCode(), partitions);
            records.add(new KafkaFixture.Sent(partition, file.chunk(isAgain ? 30 : 0, truth)));
        }
        kafka.sendAll(TOPIC, records);
    }

    private void countUntil(BatchStep end, Layout layout) throws Exception {
        int[] times = {0};
        // a few slices are applied, the others are not
        int last = end == BatchStep.SLICE_APPLIED ? 5 : 1;
        start(layout, step -> {
                    if (step == end && ++times[0] == last) {
                        throw new Crash();
                    }
                })
                .awaitTermination();
    }

    private void count(BatchStep died, Layout layout) throws Exception {
        StreamingQuery running = start(layout, BatchStep.Observer.NONE);
        Map<String, Long> expected = truth.counted();
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!CountingFixture.counted(redis.redis).equals(expected) && System.nanoTime() < deadline) {
            assertThat(running.exception().isEmpty())
                    .as("%s", running.exception())
                    .isTrue();
            TimeUnit.MILLISECONDS.sleep(50);
        }
        running.processAllAvailable();
        running.stop();
        assertThat(CountingFixture.counted(redis.redis))
                .as("died after %s", died)
                .isEqualTo(expected);
    }

    private StreamingQuery start(Layout layout, BatchStep.Observer observer) throws Exception {
        SparkSession.getDefaultSession().foreach(session -> {
            session.stop();
            return null;
        });
        SparkSession spark = Sessions.local("rerun-test")
                .master("local[" + layout.cores() + "]")
                .config("spark.sql.shuffle.partitions", layout.shuffled())
                .getOrCreate();
        Path place = folder.resolve("checkpoint");
        Checkpoint checkpoint = redis.checkpoint(place);
        CounterStore store = new CounterStore(
                query.name(), checkpoint, redis.nodes, new RedisRetry(Duration.ofSeconds(20)), Clock.systemUTC());
        store.claim(query.counterNames());
        CounterBatch batch = new CounterBatch(
                query,
                new CounterRows(spark, query, Records.CHUNKS),
                checkpoint,
                store,
                Clock.systemUTC(),
                layout.sliceSize(),
                observer,
                report -> {});
        return spark.readStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", kafka.bootstrap())
                .option("subscribe", TOPIC)
                .option("startingOffsets", "earliest")
                .option("minPartitions", layout.minPartitions())
                .load()
                .select("partition", "offset", "value")
                .writeStream()
                .trigger(Trigger.ProcessingTime(50))
                .option("checkpointLocation", place.toUri().toString())
                .foreachBatch((VoidFunction2<Dataset<Row>, Long>) batch::run)
                .start();
    }
}
