package io.granary.streaming.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.granary.streaming.query.StreamQuery;
import io.granary.warehouse.redis.RedisKeys;
import io.granary.warehouse.redis.Windows;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CounterBatchTest {
    private static final String TRAFFIC = "traffic.access_log";
    private static final String ADS = "ads.ad_event";
    private static final DateTimeFormatter LOG_TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static CountingFixture fixture;

    @TempDir
    Path folder;

    /** A process that dies. */
    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @BeforeAll
    static void start() throws IOException {
        fixture = new CountingFixture();
    }

    @AfterAll
    static void stop() throws IOException {
        fixture.close();
    }

    @BeforeEach
    void reset() {
        fixture.reset();
    }

    @Test
    void countsWhatANaiveCountFinds() {
        NaiveCount truth = new NaiveCount();
        List<String> a = accessLog(1, "shop", 120, truth);
        List<String> b = accessLog(2, "blog", 80, truth);
        CounterBatch job = fixture.started(CountingFixture.query(TRAFFIC), folder, 1000, BatchStep.Observer.NONE);
        fixture.run(job, 0, List.of());
        fixture.run(job, 1, fixture.records(List.of(chunk("shop", "a", a, 0, 50), chunk("blog", "b", b, 0, 80))));
        fixture.run(job, 2, fixture.records(List.of(chunk("shop", "a", a, 50, 90), chunk("shop", "a", a, 90, 120))));

        assertThat(fixture.counted()).isEqualTo(truth.counted()).hasSizeGreaterThan(20);
        Map<String, String> asOf = fixture.redis.hgetAll(RedisKeys.asOf(TRAFFIC));
        assertThat(asOf)
                .containsEntry("batch", "2")
                .containsEntry("at", Long.toString(CountingFixture.NOW.toEpochMilli()))
                .containsEntry("offsets", offsets(Map.of("a", 3L, "b", 1L)));
        assertThat(fixture.redis.keys("g:{*}:c:*"))
                .allSatisfy(key -> assertThat(Instant.now().getEpochSecond() + fixture.redis.ttl(key))
                        .isCloseTo(end(key) + 36_500 * 86_400L, within(60L)));
    }

    @Test
    void aReplayedBatchChangesNothing() {
        NaiveCount truth = new NaiveCount();
        List<String> lines = accessLog(3, "shop", 60, truth);
        List<Row> first = fixture.records(List.of(chunk("shop", "a", lines, 0, 30)));
        List<Row> second = fixture.records(List.of(chunk("shop", "a", lines, 30, 60)));
        CounterBatch job = fixture.started(CountingFixture.query(TRAFFIC), folder, 5, BatchStep.Observer.NONE);
        fixture.run(job, 0, first);
        fixture.run(job, 1, second);
        fixture.run(job, 1, second);
        CounterBatch restarted = fixture.started(CountingFixture.query(TRAFFIC), folder, 5, BatchStep.Observer.NONE);
        fixture.run(restarted, 1, second);

        assertThat(fixture.counted()).isEqualTo(truth.counted());
    }

    @Test
    void overlappingAndRepeatedChunksCountOnce() {
        NaiveCount truth = new NaiveCount();
        List<String> lines = accessLog(4, "shop", 100, truth);
        CounterBatch job = fixture.started(CountingFixture.query(TRAFFIC), folder, 1000, BatchStep.Observer.NONE);
        fixture.run(
                job, 0, fixture.records(List.of(chunk("shop", "a", lines, 0, 40), chunk("shop", "a", lines, 20, 45))));
        // the agent was killed and sends again from its last saved position, cut otherwise
        fixture.run(
                job, 1, fixture.records(List.of(chunk("shop", "a", lines, 10, 33), chunk("shop", "a", lines, 33, 71))));
        fixture.run(job, 2, fixture.records(List.of(chunk("shop", "a", lines, 0, 40))));
        CounterBatch restarted = fixture.started(CountingFixture.query(TRAFFIC), folder, 1000, BatchStep.Observer.NONE);
        fixture.run(
                restarted,
                3,
                fixture.records(List.of(chunk("shop", "a", lines, 60, 100), chunk("shop", "a", lines, 60, 100))));

        assertThat(fixture.counted()).isEqualTo(truth.counted());
    }

    @ParameterizedTest
    @EnumSource
    void aCrashAfterAnyStepLosesAndDoublesNothing(BatchStep step) {
        NaiveCount truth = new NaiveCount();
        List<String> lines = accessLog(5, "shop", 90, truth);
        List<List<Row>> batches = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int from = Math.max(0, i * 30 - 7);
            batches.add(fixture.records(List.of(chunk("shop", "a", lines, from, i * 30 + 30))));
        }
        StreamQuery query = CountingFixture.query(TRAFFIC);
        fixture.run(fixture.started(query, folder, 4, BatchStep.Observer.NONE), 0, batches.get(0));
        CounterBatch dying = fixture.started(query, folder, 4, done -> {
            if (done == step) {
                throw new Crash();
            }
        });
        assertThatThrownBy(() -> fixture.run(dying, 1, batches.get(1))).isInstanceOf(Crash.class);
        CounterBatch restarted = fixture.started(query, folder, 4, BatchStep.Observer.NONE);
        fixture.run(restarted, 1, batches.get(1));
        fixture.run(restarted, 2, batches.get(2));

        assertThat(fixture.counted()).isEqualTo(truth.counted());
        assertThat(fixture.redis.hget(RedisKeys.asOf(TRAFFIC), "batch")).isEqualTo("2");
    }

    @Test
    void aCrashBetweenAnyTwoSlicesLosesAndDoublesNothing() {
        NaiveCount truth = new NaiveCount();
        List<String> lines = adLog(6, 80, truth);
        List<Row> records = fixture.records(List.of(chunk("shop", "ad", lines, 0, 80)));
        StreamQuery query = CountingFixture.query(ADS);
        int slices = 0;
        for (boolean isDone = false; !isDone; slices++) {
            int dieAfter = slices;
            int[] applied = {0};
            CounterBatch dying = fixture.started(query, folder, 2, done -> {
                if (done == BatchStep.SLICE_APPLIED && applied[0]++ == dieAfter) {
                    throw new Crash();
                }
            });
            try {
                fixture.run(dying, 0, records);
                isDone = true;
            } catch (Crash e) {
                assertThat(fixture.redis.hget(RedisKeys.asOf(ADS), "batch")).isNull();
            }
        }

        assertThat(slices).isGreaterThan(RedisKeys.SHARDS + 5);
        assertThat(fixture.counted()).isEqualTo(truth.counted());
    }

    @Test
    void nullDimensionsAndTwoModelsOverOneTopicAreCounted() {
        NaiveCount truth = new NaiveCount();
        List<String> lines = adLog(7, 100, truth);
        CounterBatch job = fixture.started(CountingFixture.query(ADS), folder, 1000, BatchStep.Observer.NONE);
        fixture.run(job, 0, fixture.records(List.of(chunk("shop", "ad", lines, 0, 100))));

        assertThat(fixture.counted()).isEqualTo(truth.counted());
        assertThat(fixture.counted().keySet()).anyMatch(key -> key.contains("click|%00#events"));
    }

    /** Neither the counters nor the size of the slices of a later version matter to it. */
    @Test
    void aBatchThatWasStoredIsFinishedAsItWasEvenIfTheCountersChanged() {
        NaiveCount truth = new NaiveCount();
        List<String> lines = adLog(8, 40, truth);
        List<Row> records = fixture.records(List.of(chunk("shop", "ad", lines, 0, 40)));
        StreamQuery query = CountingFixture.query(ADS);
        CounterBatch dying = fixture.started(query, folder, 2, done -> {
            if (done == BatchStep.SLICE_APPLIED) {
                throw new Crash();
            }
        });
        assertThatThrownBy(() -> fixture.run(dying, 0, records)).isInstanceOf(Crash.class);
        StreamQuery fewer = new StreamQuery(query.source(), query.models().subList(0, 1));
        fixture.run(fixture.started(fewer, folder, 1000, BatchStep.Observer.NONE), 0, records);

        assertThat(fixture.counted()).isEqualTo(truth.counted());
    }

    @Test
    void recordsOfOtherKindsMoveTheOffsetsAndCountNothing() {
        NaiveCount truth = new NaiveCount();
        List<String> lines = accessLog(9, "shop", 30, truth);
        TestChunk chunk = chunk("shop", "a", lines, 0, 30);
        Map<String, String> heartbeat = Map.of("kind", "heartbeat", "region", "local", "host", "h1", "agent", "1");
        Map<String, String> oversize = new HashMap<>(chunk.headers());
        oversize.putAll(Map.of("kind", "oversize", "file", "long"));
        CounterBatch job = fixture.started(CountingFixture.query(TRAFFIC), folder, 1000, BatchStep.Observer.NONE);
        fixture.run(
                job,
                0,
                List.of(
                        RowFactory.create(0, 0L, TestChunk.encode(oversize, chunk.body())),
                        chunk.record(0, 1L),
                        RowFactory.create(0, 2L, TestChunk.encode(heartbeat, new byte[] {'{', '}'}))));
        fixture.run(job, 1, List.of(RowFactory.create(0, 3L, TestChunk.encode(heartbeat, new byte[] {'{', '}'}))));

        assertThat(fixture.counted()).isEqualTo(truth.counted());
        assertThat(fixture.redis.hget(RedisKeys.asOf(TRAFFIC), "offsets")).isEqualTo("{\"0\":4}");
    }

    @Test
    void poisonIsToldAndTheRestGoesOn() {
        NaiveCount truth = new NaiveCount();
        List<String> lines = accessLog(10, "shop", 30, truth);
        TestChunk chunk = chunk("shop", "a", lines, 0, 30);
        Map<String, String> headers = chunk.headers();
        headers.remove("start");
        CounterBatch job = fixture.started(CountingFixture.query(TRAFFIC), folder, 1000, BatchStep.Observer.NONE);
        fixture.run(
                job,
                0,
                List.of(
                        RowFactory.create(2, 17L, TestChunk.encode(headers, chunk.body())),
                        RowFactory.create(2, 18L, new byte[] {1, 2, 3}),
                        RowFactory.create(2, 19L, null),
                        RowFactory.create(2, 20L, TestChunk.encode(chunk.headers(), new byte[] {'x', '\n'})),
                        chunk.record(2, 21L)));

        assertThat(fixture.counted()).isEqualTo(truth.counted());
        assertThat(fixture.last.poison()).isEqualTo(4);
        assertThat(fixture.last.rejected()).isEqualTo(3);
        assertThat(fixture.last.lines()).isEqualTo(30);
        assertThat(fixture.last.poisoned())
                .extracting(p -> p.partition() + " " + p.offset() + " " + p.reason())
                .containsExactlyInAnyOrder(
                        "2 17 header start of a chunk is missing",
                        "2 18 the record is no Avro event of Flume",
                        "2 19 the record has no value",
                        "2 20 a chunk of bytes 0 to " + chunk.headers().get("end") + " has a body of 2 bytes");
    }

    @Test
    void aChunkThatComesOutOfOrderFillsItsGap() {
        NaiveCount truth = new NaiveCount();
        List<String> lines = accessLog(11, "shop", 100, truth);
        CounterBatch job = fixture.started(CountingFixture.query(TRAFFIC), folder, 1000, BatchStep.Observer.NONE);
        fixture.run(job, 0, fixture.records(List.of(chunk("shop", "a", lines, 40, 60))));
        fixture.run(
                job, 1, fixture.records(List.of(chunk("shop", "a", lines, 80, 100), chunk("shop", "a", lines, 0, 20))));
        fixture.run(job, 2, fixture.records(List.of(chunk("shop", "a", lines, 10, 90))));

        assertThat(fixture.counted()).isEqualTo(truth.counted());
        assertThat(fixture.last.duplicates()).isEqualTo(40);
    }

    /** The same lines in several Kafka partitions, so in several tasks, cut and ordered otherwise: counted by plan. */
    @Test
    void linesThatComeToSeveralTasksCountOnce() {
        Random random = new Random(12);
        for (int round = 0; round < 6; round++) {
            fixture.reset();
            NaiveCount truth = new NaiveCount();
            List<String> lines = accessLog(12 + round, "shop", 60, truth);
            List<Row> records = new ArrayList<>();
            for (int partition = 0; partition < 3; partition++) {
                for (int from = 0, offset = 0; from < 60; offset++) {
                    int to = Math.min(60, from + 1 + random.nextInt(20));
                    records.add(chunk("shop", "a", lines, from, to).record(partition, offset));
                    from = to;
                }
            }
            Collections.shuffle(records, random);
            CounterBatch job = fixture.started(
                    CountingFixture.query(TRAFFIC), folder.resolve("r" + round), 1000, BatchStep.Observer.NONE);
            int half = records.size() / 2;
            fixture.run(job, 0, records.subList(0, half));
            fixture.run(job, 1, records.subList(half, records.size()));

            assertThat(fixture.counted()).isEqualTo(truth.counted());
        }
        assertThat(fixture.last.isExact()).isTrue();
    }

    /** A batch that died is read again by other tasks. */
    @Test
    void aBatchThatIsRunAgainWithOtherPartitioningIsTheSame() {
        NaiveCount truth = new NaiveCount();
        List<String> lines = adLog(13, 90, truth);
        List<Row> records = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            records.add(chunk("shop", "ad", lines, i * 10, i * 10 + 10).record(i % 2, i));
        }
        StreamQuery query = CountingFixture.query(ADS);
        CounterBatch dying = fixture.started(query, folder, 4, done -> {
            if (done == BatchStep.DELTAS_STORED) {
                throw new Crash();
            }
        });
        assertThatThrownBy(() -> fixture.run(dying, 0, records, 1)).isInstanceOf(Crash.class);
        Collections.reverse(records);
        fixture.run(fixture.started(query, folder, 4, BatchStep.Observer.NONE), 0, records, 5);

        assertThat(fixture.counted()).isEqualTo(truth.counted());
    }

    private static long end(String key) {
        String[] parts = key.split(":");
        return Windows.end(
                Long.parseLong(parts[parts.length - 1]), parts[parts.length - 2], ZoneId.of("Asia/Shanghai"));
    }

    private static TestChunk chunk(String site, String file, List<String> lines, int from, int to) {
        return new TestChunk(site, file, lines, from, to);
    }

    private static String offsets(Map<String, Long> byFile) {
        Map<String, Long> offsets = new TreeMap<>();
        byFile.forEach((file, next) -> offsets.put(Integer.toString(Math.floorMod(file.hashCode(), 4)), next));
        return offsets.toString().replace('=', ':').replace(" ", "").replaceAll("(\\d+):", "\"$1\":");
    }

    /** Requests around midnight in Shanghai; every tenth line is broken, some are no page views. */
    static List<String> accessLog(int seed, String site, int lines, NaiveCount truth) {
        Random random = new Random(seed);
        Instant start = Instant.parse("2026-11-01T15:57:00Z");
        List<String> log = new ArrayList<>();
        for (int i = 0; i < lines; i++) {
            Instant at = start.plusSeconds(random.nextInt(360));
            String ip = "10.0.0." + random.nextInt(12);
            String agent = random.nextInt(4) == 0 ? "-" : "Agent " + random.nextInt(3);
            int status = random.nextInt(5) == 0 ? 404 : 200;
            long bytes = random.nextInt(5000);
            boolean isBroken = i % 10 == 9;
            log.add(ip + " - - [" + LOG_TIME.format(at) + "] \"GET /p" + i + " HTTP/1.1\" " + status + " " + bytes
                    + " \"-\" \"" + agent + (isBroken ? "" : "\""));
            if (!isBroken && status == 200) {
                truth.hit(site, at, bytes, site + "|" + ip + "|" + (agent.equals("-") ? "" : agent));
            }
        }
        return log;
    }

    static List<String> adLog(int seed, int lines, NaiveCount truth) {
        Random random = new Random(seed);
        Instant start = Instant.parse("2026-11-01T10:50:00Z");
        List<String> log = new ArrayList<>();
        for (int i = 0; i < lines; i++) {
            Instant at = start.plusSeconds(random.nextInt(1200));
            String type = random.nextInt(4) == 0 ? "click" : "impression";
            String campaign = random.nextInt(5) == 0 ? null : "c:" + random.nextInt(6) + "|x";
            long cost = random.nextInt(4);
            log.add("{\"event_id\": \"e" + i + "\", \"event_type\": \"" + type + "\", \"event_at\": \"" + at
                    + "\", \"campaign_id\": " + (campaign == null ? "null" : "\"" + campaign + "\"")
                    + ", \"cost_cents\": " + cost + "}");
            truth.event(type, campaign, at, cost);
        }
        return log;
    }
}
