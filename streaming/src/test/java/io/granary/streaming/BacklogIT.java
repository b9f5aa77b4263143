package io.granary.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.count.CountingFixture;
import io.granary.streaming.count.TestChunk;
import io.granary.streaming.store.RedisFixture;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.redis.RedisKeys;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job as a process of its own, with a real Kafka and a real Redis, when far more comes than it can count. */
class BacklogIT {
    private static final String TOPIC = "granary.traffic.access_log";
    private static final String LABEL = "{query=\"traffic.access_log\"}";
    private static final int BATCH_MB = 16;
    private static final int CHUNKS_A_BATCH = BATCH_MB * 16;
    private static final int LINES_A_CHUNK = 800;
    private static final int ROUND = 4 * CHUNKS_A_BATCH;

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<Integer, Long> offsets = new HashMap<>();
    private KafkaFixture kafka;
    private RedisFixture redis;
    private JavaProcess job;

    @BeforeEach
    void start() throws Exception {
        kafka = new KafkaFixture(folder);
        redis = new RedisFixture();
        Home home = new Home(folder.resolve("home"));
        CountingFixture.manifest().write(home.manifest());
        Files.writeString(home.profile(), """
                fs: %s
                kafka: %s
                redis: %s
                streaming: {batch_mb: %d, trigger: 100ms}
                """.formatted(folder.toUri(), kafka.bootstrap(), redis.nodes, BATCH_MB));
        job = process(home);
        job.start();
        job.await(home.run().resolve("streaming.ready"));
    }

    @AfterEach
    void stop() throws Exception {
        job.close();
        redis.close();
        kafka.close();
    }

    @Test
    void theLagGrowsAndMemoryDoesNot() throws Exception {
        byte[] body = body();
        List<Double> lags = new ArrayList<>();
        int sent = 0;
        // each round is four batches; none waits for the one before to be counted
        for (int round = 0; round < 4; round++) {
            kafka.sendAll(TOPIC, records(body, ROUND));
            sent += ROUND;
            lags.add(awaitLag(sent));
        }
        // at one time at least: on a busy machine the sender is the slower one now and then
        assertThat(lags).anyMatch(lag -> lag > CHUNKS_A_BATCH);

        while (metric("granary_stream_records_total" + LABEL) < sent) {
            assertCounts();
            TimeUnit.MILLISECONDS.sleep(100);
        }
        assertThat(metric("granary_stream_rows_total" + LABEL)).isEqualTo((double) sent * LINES_A_CHUNK);
        assertThat(views()).isEqualTo((long) sent * LINES_A_CHUNK);
        assertThat(sizesOfBatches())
                .as("however long the backlog was, no batch took more than it may")
                .hasSizeGreaterThanOrEqualTo(sent / CHUNKS_A_BATCH)
                .allMatch(records -> records <= CHUNKS_A_BATCH);
        assertThat(metric("granary_stream_up" + LABEL)).isEqualTo(1);
        assertCounts();
        assertThat(metric("granary_stream_dropped_total{counter=\"\",query=\"traffic.access_log\",reason=\"poison\"}"))
                .isZero();
        assertThat(metric("granary_stream_memory_bytes{kind=\"heap_max\"}")).isLessThan(520 << 20);
    }

    /** Records of each batch, of the marks behind it. */
    private List<Long> sizesOfBatches() {
        String location = folder.toUri() + "granary/checkpoints/streaming/traffic.access_log";
        Checkpoint checkpoint = new Checkpoint(location, new Configuration());
        List<Long> sizes = new ArrayList<>();
        long before = 0;
        for (long batch = 0; batch <= checkpoint.newest(); batch++) {
            long read = checkpoint.marks(batch).orElseThrow().offsets().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
            sizes.add(read - before);
            before = read;
        }
        return sizes;
    }

    private void assertCounts() throws Exception {
        assertThat(job.isAlive()).as(log()).isTrue();
        assertThat(metric("granary_stream_restarts_total" + LABEL)).as(log()).isZero();
    }

    /** The lag that was told once everything that was sent is told of. */
    private double awaitLag(int sent) throws Exception {
        while (true) {
            assertCounts();
            String text = metrics();
            double lag = value(text, "granary_stream_lag_records" + LABEL).orElse(-1.0);
            if (lag >= 0
                    && lag + value(text, "granary_stream_records_total" + LABEL).orElseThrow()
                            >= sent - CHUNKS_A_BATCH) {
                return lag;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private List<KafkaFixture.Sent> records(byte[] body, int chunks) {
        List<KafkaFixture.Sent> records = new ArrayList<>();
        for (int i = 0; i < chunks; i++) {
            int partition = i % Topics.PARTITIONS;
            long start = offsets.merge(partition, (long) body.length, Long::sum) - body.length;
            Map<String, String> headers =
                    new HashMap<>(new TestChunk("shop", "f" + partition, List.of(), 0, 0).headers());
            headers.put("start", Long.toString(start));
            headers.put("end", Long.toString(start + body.length));
            headers.put("first_line", Long.toString(start / body.length * LINES_A_CHUNK + 1));
            headers.put("lines", Integer.toString(LINES_A_CHUNK));
            records.add(new KafkaFixture.Sent(partition, TestChunk.encode(headers, body)));
        }
        return records;
    }

    private static byte[] body() {
        DateTimeFormatter form = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT)
                .withZone(ZoneOffset.UTC);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < LINES_A_CHUNK; i++) {
            lines.append("10.0.0.%d - - [%s] \"GET /page/%d HTTP/1.1\" 200 5 \"-\" \"curl\"\n"
                    .formatted(i % 9, form.format(Instant.now().minusSeconds(i)), i));
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    private long views() {
        String by = RedisKeys.encodeBy(List.of("shop"));
        int shard = RedisKeys.shard("traffic.page_view", by);
        return redis.redis.keys("g:{" + shard + "}:c:traffic.page_view:1d:*").stream()
                .mapToLong(key -> Long.parseLong(redis.redis.hget(key, RedisKeys.field(by, "page_views"))))
                .sum();
    }

    private double metric(String sample) throws Exception {
        return value(metrics(), sample).orElseThrow();
    }

    private static Optional<Double> value(String text, String sample) {
        Matcher line = Pattern.compile("^" + Pattern.quote(sample) + " (\\S+)$", Pattern.MULTILINE)
                .matcher(text);
        return line.find() ? Optional.of(Double.valueOf(line.group(1))) : Optional.empty();
    }

    private String metrics() throws Exception {
        URI url = URI.create(
                Files.readString(folder.resolve("home/run/streaming.metrics")).strip());
        return http.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** With the smallest heap that Spark takes. */
    private JavaProcess process(Home home) {
        List<String> flags = new ArrayList<>(JavaProcess.opens());
        flags.addAll(List.of("-Xmx520m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"));
        return new JavaProcess(
                System.getProperty("java.class.path"),
                flags,
                List.of(StreamingJob.class.getName(), "--home", home.root().toString()),
                folder.resolve("job.log"));
    }

    private String log() throws IOException {
        return job.log();
    }
}
