package io.granary.streaming.submit;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.streaming.KafkaFixture;
import io.granary.streaming.count.CountingFixture;
import io.granary.streaming.count.TestChunk;
import io.granary.streaming.store.RedisFixture;
import io.granary.tablestore.testing.YarnScene;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.redis.RedisKeys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.server.MiniYARNCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code granary submit streaming} on a real YARN, with a real HDFS, Kafka and Redis: driver and executor are containers.
 * Needs about 3 GB of memory; only with {@code -Pyarn}.
 */
class StreamingOnYarnIT {
    private static final String QUERY = "traffic.access_log";
    private static final String TOPIC = "granary.traffic.access_log";
    private static final DateTimeFormatter LOG_TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

    @TempDir
    private static Path folder;

    private static KafkaFixture kafka;
    private static RedisFixture redis;
    private static MiniDFSCluster hdfs;
    private static YarnScene scene;
    private static MiniYARNCluster yarn;
    private static YarnApplications applications;

    @BeforeAll
    static void startStores() throws Exception {
        kafka = new KafkaFixture(folder);
        redis = new RedisFixture();
        Configuration files = new Configuration();
        files.set("hadoop.tmp.dir", folder.resolve("hdfs").toString());
        files.set("dfs.replication", "1");
        hdfs = new MiniDFSCluster.Builder(files, folder.resolve("dfs").toFile())
                .numDataNodes(1)
                .build();
        hdfs.waitActive();
        startYarn();
        Home home = new Home(folder.resolve("home"));
        CountingFixture.manifest().write(home.manifest());
        Files.createDirectories(home.secrets());
        Files.writeString(home.secrets().resolve("kafka"), kafka.bootstrap());
        Files.writeString(home.profile(), """
                fs: %s
                kafka: ${file:secrets/kafka}
                redis: %s
                streaming: {trigger: 200ms}
                """.formatted(hdfs.getURI(), redis.nodes));
    }

    private static void startYarn() throws Exception {
        scene = new YarnScene(folder);
        yarn = new MiniYARNCluster("granary", 1, 1, 1);
        yarn.init(scene.settings(hdfs.getURI().toString()));
        yarn.start();
        assertThat(yarn.waitForNodeManagersToConnect(30_000)).isTrue();
        scene.found(yarn.getConfig());
        applications = new YarnApplications(yarn.getConfig());
    }

    @AfterAll
    static void stopStores() throws Exception {
        yarn.stop();
        hdfs.shutdown();
        redis.close();
        kafka.close();
    }

    @AfterEach
    void killWhatIsLeft() throws Exception {
        applications.kill();
    }

    @Test
    void goesOnFromItsCheckpointAfterItWasKilled() throws Exception {
        List<String> lines = lines(600);
        assertThat(submit()).as(said()).isZero();
        kafka.send(
                TOPIC, List.of(new TestChunk("shop", "a", lines, 0, 100), new TestChunk("shop", "a", lines, 100, 200)));
        awaitViews("shop", 200);

        assertThat(submit()).as("a second one beside the first").isEqualTo(1);
        assertThat(said()).contains(QUERY + " is counted already");

        applications.kill();
        kafka.send(
                TOPIC,
                List.of(new TestChunk("shop", "a", lines, 100, 200), new TestChunk("shop", "a", lines, 200, 600)));
        assertThat(submit()).as(said()).isZero();
        awaitViews("shop", 600);
        applications.kill();
        assertThat(views("shop")).isEqualTo(600);
        assertThat(redis.redis.get(RedisKeys.ended(QUERY))).isNull();
    }

    /** An executor's JVM is killed while it counts, again and again. */
    @Test
    void countsOnWhenItsExecutorIsKilled() throws Exception {
        List<String> lines = lines(4000);
        assertThat(submit()).as(said()).isZero();
        send(lines, 0, 200);
        awaitViews("mall", 200);
        for (int from = 200; from < 4000; from += 1900) {
            send(lines, from, from + 1000);
            ProcessHandle executor = applications.executor();
            // as kill -9
            assertThat(executor.destroyForcibly()).isTrue();
            executor.onExit().get();
            send(lines, from + 900, from + 1900);
            awaitViews("mall", from + 1900);
            assertThat(applications.executor().pid()).isNotEqualTo(executor.pid());
        }
        applications.kill();
        assertThat(views("mall")).isEqualTo(4000);
    }

    /** Some lines at a time, so that there are many batches. */
    private static void send(List<String> lines, int from, int to) throws Exception {
        for (int at = from; at < to; at += 20) {
            kafka.send(TOPIC, List.of(new TestChunk("mall", "m", lines, at, Math.min(to, at + 20))));
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static List<String> lines(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "10.0.0.%d - - [%s] \"GET /%d HTTP/1.1\" 200 5 \"-\" \"curl\""
                        .formatted(i % 9, LOG_TIME.format(Instant.now()), i))
                .toList();
    }

    private static long views(String site) {
        String by = RedisKeys.encodeBy(List.of(site));
        int shard = RedisKeys.shard("traffic.page_view", by);
        return redis.redis.keys("g:{" + shard + "}:c:traffic.page_view:1d:*").stream()
                .mapToLong(key -> Long.parseLong(redis.redis.hget(key, RedisKeys.field(by, "page_views"))))
                .sum();
    }

    private static void awaitViews(String site, long expected) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
        while (views(site) < expected) {
            assertThat(System.nanoTime())
                    .as("only %s of %s counted; %s", views(site), expected, logs())
                    .isLessThan(deadline);
            assertThat(applications.running()).as(logs()).hasSize(1);
            Thread.sleep(200);
        }
    }

    private static int submit() throws Exception {
        List<String> flags = new ArrayList<>(List.of("-Xmx512m"));
        for (String setting : List.of(
                "spark.executor.instances=1",
                "spark.executor.cores=2",
                "spark.executor.memory=512m",
                "spark.driver.memory=640m",
                "spark.yarn.stagingDir=" + hdfs.getURI() + "/staging")) {
            flags.add("-D" + setting);
        }
        List<String> arguments = List.of("--home", folder.resolve("home").toString());
        Process process = scene.process(flags, SubmitMain.class, arguments)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("submit.log").toFile())
                .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            return process.exitValue();
        } finally {
            process.destroy();
        }
    }

    private static String said() throws Exception {
        Path log = folder.resolve("submit.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    /** The end of what the containers have written. */
    private static String logs() throws Exception {
        StringBuilder all = new StringBuilder();
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(f -> f.endsWith("stderr")).toList()) {
                String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
                all.append(file)
                        .append('\n')
                        .append(text.substring(Math.max(0, text.length() - 4000)))
                        .append('\n');
            }
        }
        return all.toString();
    }
}
