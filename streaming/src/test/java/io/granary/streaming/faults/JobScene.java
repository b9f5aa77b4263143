package io.granary.streaming.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.streaming.JavaProcess;
import io.granary.streaming.StreamingJob;
import io.granary.streaming.count.CountingFixture;
import io.granary.streaming.store.RedisProcess;
import io.granary.streaming.store.SteadyReader;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.redis.AsOf;
import io.granary.warehouse.redis.RedisKeys;
import io.granary.warehouse.redis.Windows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The streaming component as the distribution runs it, with a real Redis, over a log that never stands still, and a reader
 * who watches the numbers.
 */
final class JobScene implements AutoCloseable {
    static final String TOPIC = "granary.traffic.access_log";
    private static final String QUERY = "traffic.access_log";
    private static final String COUNTER = "traffic.page_view";
    private static final int MOST_PARTITIONS = 12;
    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
    /** Far beyond what it takes, as a machine may be busy; how long it took is told. */
    private static final Duration MOST = Duration.ofMinutes(5);
    /** What it may take. */
    private static final Duration GOAL = Duration.ofSeconds(30);
    /** After so many faults the goal is asserted. */
    private static final int LONG_RUN = 100;

    final RedisProcess redis;
    final CountedLog log;
    private final String bootstrap;
    private final JavaProcess job;
    private final RedisClient client;
    private final SteadyReader reader;
    private final Random random;
    private final List<Wait> waits = new ArrayList<>();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final ExecutorService aside = Executors.newSingleThreadExecutor();
    private Future<?> reading;
    private int partitions = 4;

    /** How long it took from a fault until every counter was the truth. */
    private record Wait(String fault, Duration took) {}

    /** @param metastore of the sealed lines, which a rebuild asks for */
    JobScene(Path folder, String bootstrap, Optional<String> metastore, Random random) throws Exception {
        this.bootstrap = bootstrap;
        this.random = random;
        redis = new RedisProcess(folder.resolve("redis"), "--appendonly", "yes", "--appendfsync", "always");
        client = RedisClient.create("127.0.0.1", redis.port);
        Home home = new Home(folder.resolve("home"));
        CountingFixture.manifest().write(home.manifest());
        Files.writeString(
                home.profile(),
                """
                fs: %s
                kafka: %s
                redis: redis://127.0.0.1:%d
                streaming: {trigger: 100ms}
                """.formatted(folder.toUri(), bootstrap, redis.port)
                        + metastore.map("metastore: %s\n"::formatted).orElse(""));
        job = process(folder, home);
        Instant first = Instant.now().minusSeconds(600);
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(TOPIC, Optional.of(partitions), Optional.empty())))
                    .all()
                    .get();
        }
        log = new CountedLog(bootstrap, TOPIC, partitions, first, random);
        List<Long> days = Stream.of(first, first.plusSeconds(300))
                .map(at -> Windows.bucket(at, "1d", ZONE))
                .distinct()
                .toList();
        reader = new SteadyReader(
                redis.port,
                QUERY,
                shard -> days.stream()
                        .map(day -> RedisKeys.values(shard, COUNTER, "1d", day))
                        .toList());
    }

    private static JavaProcess process(Path folder, Home home) throws Exception {
        List<String> flags = new ArrayList<>(JavaProcess.opens());
        Path logging =
                Path.of(JobScene.class.getResource("/log4j2-test.properties").toURI());
        flags.addAll(List.of("-Xmx640m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
        flags.add("-Dlog4j2.configurationFile=" + logging);
        Path local = Files.createDirectories(folder.resolve("spark"));
        flags.addAll(List.of("-Dspark.local.dir=" + local, "-Djava.io.tmpdir=" + local));
        flags.addAll(List.of("-Dspark.driver.host=127.0.0.1", "-Dspark.driver.bindAddress=127.0.0.1"));
        flags.addAll(List.of("-Dspark.ui.enabled=false", "-Dspark.sql.streaming.ui.enabled=false"));
        return new JavaProcess(
                JavaProcess.distribution("streaming", "spark"),
                flags,
                List.of(StreamingJob.class.getName(), "--home", home.root().toString()),
                folder.resolve("job.log"));
    }

    private Admin admin() {
        return Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrap));
    }

    /** Returns when the job counts; how long that took is no fault's. */
    void begin() throws Exception {
        start();
        log.begin();
        reading = aside.submit(() -> reader.read(isOver));
        awaitTruth("start");
        waits.clear();
    }

    /** Each time with other numbers of cores and of parts that a shuffle has. */
    void start() throws IOException {
        job.start(
                List.of("-Dspark.master=local[" + (1 + random.nextInt(4)) + "]"),
                Map.of("GRANARY_STREAMING_PARTITIONS", "" + random.nextInt(5)));
    }

    void kill() throws InterruptedException {
        job.kill();
    }

    /** The topic gets a partition more, up to a dozen, and the files lie elsewhere. */
    void grow() throws Exception {
        if (partitions == MOST_PARTITIONS) {
            return;
        }
        partitions++;
        try (Admin admin = admin()) {
            admin.createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(partitions)))
                    .all()
                    .get();
        }
        log.spread(partitions);
    }

    /** Lets lines come until the job counts again, then no more until every counter is what they give. */
    void awaitTruth(String fault) throws Exception {
        long begin = System.nanoTime();
        Instant now = Instant.now();
        await(fault, begin, () -> countsAfter(now));
        Map<String, Long> truth = log.pause();
        try {
            await(fault, begin, () -> isTrue(truth));
        } catch (TimeoutException e) {
            assertThat(CountingFixture.counted(client)).as(e.getMessage()).isEqualTo(truth);
        } finally {
            log.goOn();
        }
        Wait wait = new Wait(fault, Duration.ofNanos(System.nanoTime() - begin));
        waits.add(wait);
        System.err.printf("%s: true after %d ms%n", fault, wait.took().toMillis());
    }

    private void await(String fault, long begin, Callable<Boolean> isThere) throws Exception {
        while (!isThere.call()) {
            assertThat(job.isAlive()).as("%s: %s", fault, job.log()).isTrue();
            if (reading.isDone()) {
                reading.get();
            }
            if (System.nanoTime() - begin > MOST.toNanos()) {
                throw new TimeoutException("%s after %s: %s; %s"
                        .formatted(fault, MOST, client.hgetAll(RedisKeys.asOf(QUERY)), job.stuck()));
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private boolean countsAfter(Instant time) {
        try {
            AsOf now = AsOf.of(client.hgetAll(RedisKeys.asOf(QUERY)));
            return now.state().equals(AsOf.OK)
                    && now.at().filter(time::isBefore).isPresent();
        } catch (JedisException e) {
            return false;
        }
    }

    private boolean isTrue(Map<String, Long> truth) {
        try {
            return AsOf.of(client.hgetAll(RedisKeys.asOf(QUERY))).state().equals(AsOf.OK)
                    && CountingFixture.counted(client).equals(truth);
        } catch (JedisException e) {
            return false;
        }
    }

    /**
     * Ends the reader, who says whether a number has gone down, and tells how it was. Of a run so long that a machine is
     * there for it, each fault must have become true in time.
     */
    void end() throws Exception {
        isOver.set(true);
        reading.get();
        assertThat(reader.reads()).isGreaterThan(reader.announced());
        List<Wait> late =
                waits.stream().filter(wait -> wait.took().compareTo(GOAL) > 0).toList();
        System.err.printf(
                "%d times true, after %d ms at most, %d times after more than %d s; %d chunks, %d reads, %d of a rebuild%n",
                waits.size(),
                waits.stream().mapToLong(wait -> wait.took().toMillis()).max().orElse(0),
                late.size(),
                GOAL.toSeconds(),
                log.chunks(),
                reader.reads(),
                reader.announced());
        if (waits.size() >= LONG_RUN) {
            // what a rebuild takes grows with the log of the run, and its readers are told
            assertThat(late)
                    .as("true after more than %s", GOAL)
                    .allMatch(wait -> wait.fault().contains("REDIS_EMPTIED"));
        }
    }

    @Override
    public void close() throws Exception {
        isOver.set(true);
        aside.shutdownNow();
        log.close();
        job.kill();
        client.close();
        redis.close();
    }
}
