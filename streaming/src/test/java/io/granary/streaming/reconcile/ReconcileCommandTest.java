package io.granary.streaming.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.streaming.Said;
import io.granary.streaming.count.CountingFixture;
import io.granary.streaming.count.TestChunk;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.LoopbackPort;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.redis.RedisKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.UnifiedJedis;

/** The verb over a real Redis and the tables of this process's Spark; with Hive it runs in the test of the whole. */
class ReconcileCommandTest {
    private static final String QUERY = "traffic.access_log";
    private static final CounterNode VIEWS = DayScene.counter(
            "view",
            List.of("site"),
            List.of("1d", "total"),
            List.of(new MeasureNode("views", "count", null, null)),
            0,
            List.of());
    private static final CounterNode VISITORS = DayScene.counter(
            "visitor",
            List.of(),
            List.of("1d"),
            List.of(new MeasureNode("visitors", "distinct", "visitor_id", true)),
            0,
            List.of());

    private static CountingFixture fixture;
    private static UnifiedJedis redis;
    private static DayScene scene;
    private static Map<byte[], byte[]> counted;

    @TempDir
    private static Path folder;

    /** A day that stream and batch have counted, down to the last line. */
    @BeforeAll
    static void start() throws IOException {
        fixture = CountingFixture.interpreting();
        redis = fixture.server.redis;
        scene = new DayScene(fixture, folder, VIEWS, VISITORS);
        TestChunk log = new TestChunk("shop", "shop", DayScene.log(1, 60, 28), 0, 60);
        scene.streams(log);
        scene.seals("s1", log);
        scene.builds(scene.model.sql());
        counted = fixture.server.dumps();
        Home home = new Home(folder);
        CountingFixture.manifest()
                .with()
                .counters(List.of(VIEWS, VISITORS))
                .manifest()
                .write(home.manifest());
        Files.writeString(home.profile(), """
                fs: file:///
                kafka: 127.0.0.1:%d
                redis: %s
                streaming: {checkpoint: "%s"}
                """.formatted(
                        LoopbackPort.anyFree(), fixture.server.nodes, scene.checkpoint.getParent()));
    }

    @AfterAll
    static void stop() throws IOException {
        fixture.close();
    }

    @BeforeEach
    void asCounted() {
        fixture.server.restore(counted);
        scene.sql().execute("DROP TABLE IF EXISTS " + ReconcileTable.NAME);
    }

    @Test
    void aDayThatAgreesHasARowForEachCounterAndNothingInIt() {
        Said said = reconcile();
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out().lines())
                .hasSize(3)
                .startsWith("counter,compared,differing,late,before_start,not_sealed,quarantined,reclassified,overflow,"
                        + "sketch_error,unexplained")
                .anyMatch(row -> row.matches("traffic\\.view,[1-9]\\d*,0,0,0,0,0,0,0,0,0"))
                .anyMatch(row -> row.matches("traffic\\.visitor,[1-9]\\d*,0,0,0,0,0,0,0,0,0"));
        assertThat(table()).containsExactly("traffic.view total 0 0 false", "traffic.visitor total 0 0 false");
    }

    @Test
    void whatHasNoExplanationIsAnAlertUntilItIsCorrected() {
        Map<String, Long> right = fixture.counted();
        add("1d", DayScene.MIDNIGHT.getEpochSecond(), 5);
        Said found = reconcile();
        assertThat(found.code()).isEqualTo(1);
        assertThat(row(found, "traffic.view")).matches("traffic\\.view,\\d+,1,0,0,0,0,0,0,0,5");
        assertThat(found.err())
                .contains("1 numbers in Redis differ from the batch tables without an explanation")
                .contains("traffic.view views, window 1d of " + DayScene.MIDNIGHT + ", site=shop: Redis ")
                .contains("--correct");
        assertThat(table())
                .containsExactly(
                        "traffic.view difference site=shop 1 5 false",
                        "traffic.view total 1 5 false",
                        "traffic.visitor total 0 0 false");
        assertThat(fixture.counted()).as("it only looks").isNotEqualTo(right);

        // the other counter alone is none
        Said other = reconcile("--counter", "traffic.visitor");
        assertThat(other.code()).as(other.err()).isZero();
        assertThat(other.out().lines()).hasSize(2);

        Said corrected = reconcile("--correct");
        assertThat(corrected.code()).as(corrected.err()).isZero();
        assertThat(row(corrected, "traffic.view")).as("what it was").endsWith(",5");
        assertThat(corrected.err()).contains("corrected 1 numbers of traffic.view of " + DayScene.DS);
        assertThat(fixture.counted()).isEqualTo(right);
        assertThat(table()).contains("traffic.view difference site=shop 1 5 true");
        assertThat(redis.hget(RedisKeys.asOf(QUERY), "state")).isEqualTo("ok");

        Said after = reconcile();
        assertThat(after.code()).as(after.err()).isZero();
        assertThat(table()).containsExactly("traffic.view total 0 0 false", "traffic.visitor total 0 0 false");
    }

    @Test
    void allTimeIsComparedAndCorrectedWhenItIsAskedFor() {
        Map<String, Long> right = fixture.counted();
        add("total", 0, 3);
        Said day = reconcile("--counter", "traffic.view");
        assertThat(day.code()).as(day.err()).isZero();
        assertThat(day.err()).contains("traffic.view: window total is compared with --total only");

        Said all = reconcile("--counter", "traffic.view", "--total");
        assertThat(all.code()).isEqualTo(1);
        assertThat(row(all, "traffic.view")).endsWith(",3");
        assertThat(all.err()).contains("traffic.view views, window total of ").doesNotContain("--total only");

        Said corrected = reconcile("--counter", "traffic.view", "--total", "--correct");
        assertThat(corrected.code()).as(corrected.err()).isZero();
        assertThat(fixture.counted()).isEqualTo(right);
    }

    @Test
    void aCounterThatIsBeingRebuiltIsRefusedAndStaysAsItIs() {
        redis.hset(RedisKeys.asOf(QUERY), "state", "rebuilding");
        add("1d", DayScene.MIDNIGHT.getEpochSecond(), 5);
        Map<String, Long> before = fixture.counted();
        for (List<String> options : List.of(List.<String>of(), List.of("--correct"))) {
            Said said = reconcile(options.toArray(String[]::new));
            assertThat(said.code()).isEqualTo(1);
            assertThat(said.out().lines()).hasSize(1);
            assertThat(said.err())
                    .contains("not compared:")
                    .contains("traffic.view: the counters of " + QUERY + " are being rebuilt since ")
                    .contains("traffic.visitor: the counters of");
        }
        assertThat(fixture.counted()).isEqualTo(before);
        assertThat(redis.hget(RedisKeys.asOf(QUERY), "state")).isEqualTo("rebuilding");
    }

    @Test
    void wrongQuestionsSayWhatIsRight() {
        Said counter = reconcile("--counter", "traffic.views");
        assertThat(counter.code()).isEqualTo(1);
        assertThat(counter.err()).contains("no counter traffic.views. Known: [traffic.view, traffic.visitor]");
        Said day = reconcileDay("2026-11-09");
        assertThat(day.code()).isEqualTo(1);
        assertThat(day.err())
                .contains("dwd.dwd_traffic_hit_di has no day 2026-11-09")
                .contains("granary build --select dwd_traffic_hit_di --ds 2026-11-09");
    }

    private static void add(String window, long bucket, long number) {
        String key = RedisKeys.values(RedisKeys.shard("traffic.view", "shop"), "traffic.view", window, bucket);
        redis.hincrBy(key, RedisKeys.field("shop", "views"), number);
    }

    private static Said reconcile(String... options) {
        return reconcileDay(DayScene.DS.toString(), options);
    }

    private static Said reconcileDay(String ds, String... options) {
        List<String> all = new ArrayList<>(List.of("--ds", ds, "--output", "csv", "--home", folder.toString()));
        all.addAll(List.of(options));
        Clock clock = Clock.offset(Clock.systemUTC(), Duration.between(Instant.now(), CountingFixture.NOW));
        return Said.by(
                new ReconcileCommand(profile -> scene.sql(), (profile, sql) -> new SparkTables(sql), clock),
                all.toArray(String[]::new));
    }

    private static String row(Said said, String counter) {
        return said.out()
                .lines()
                .filter(line -> line.startsWith(counter + ","))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + counter + " in " + said));
    }

    private static List<String> table() {
        return scene
                .sql()
                .query("SELECT concat_ws(' ', counter, kind, by_values, differing, unexplained, is_corrected) FROM "
                        + ReconcileTable.NAME + " WHERE ds = '" + DayScene.DS + "' ORDER BY counter, kind")
                .rows()
                .stream()
                .map(row -> row.get(0).toString())
                .toList();
    }
}
