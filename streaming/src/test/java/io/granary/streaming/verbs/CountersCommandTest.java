package io.granary.streaming.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.streaming.Said;
import io.granary.streaming.count.CountingFixture;
import io.granary.warehouse.redis.RedisKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The list of counters, over a real Redis that holds what the job leaves in it; Kafka is away. */
class CountersCommandTest {
    private static final String TRAFFIC = "traffic.access_log";
    private static final String ADS = "ads.ad_event";
    private static final String VIEWS = "traffic.page_view";
    private static final Instant AT = Instant.parse("2026-11-01T12:00:01.500Z");
    private static final Instant SINCE = Instant.parse("2026-11-01T08:00:00Z");
    private static CountersScene scene;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void start() throws IOException {
        scene = new CountersScene(folder, CountingFixture.manifest());
    }

    @AfterAll
    static void stop() throws IOException {
        scene.close();
    }

    /** Both queries count. */
    @BeforeEach
    void count() {
        scene.redis.flushAll();
        for (String query : List.of(TRAFFIC, ADS)) {
            scene.redis.hset(
                    RedisKeys.asOf(query),
                    Map.of(
                            "batch", "3",
                            "at", Long.toString(AT.toEpochMilli()),
                            "offsets", "{\"0\":12}",
                            "state", "ok",
                            "since", Long.toString(SINCE.toEpochMilli())));
            scene.redis.set(RedisKeys.alive(query), "127.0.0.1:9464");
        }
    }

    @Test
    void countersThatCountAndWhatTheyHold() {
        long bucket = AT.getEpochSecond() / 60 * 60;
        scene.redis.hset(RedisKeys.values(1, VIEWS, "1m", bucket), Map.of("shop#", "7", "shop#page_views", "7"));
        scene.redis.hset(RedisKeys.values(2, VIEWS, "1m", bucket), Map.of(RedisKeys.rows(RedisKeys.MORE), "4"));
        scene.redis.hset(RedisKeys.uncounted(1, "late", VIEWS, "1m", bucket), Map.of("shop#", "5"));
        scene.redis.hset(RedisKeys.uncounted(2, "late", VIEWS, "1m", bucket), Map.of("blog#", "1"));
        scene.redis.hset(RedisKeys.uncounted(1, "late", VIEWS, "1d", bucket), Map.of("shop#", "2"));
        scene.redis.hset(RedisKeys.uncounted(1, "future", VIEWS, "1m", bucket), Map.of("shop#", "3"));

        Said said = list();
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(columns(said.out().lines().findFirst().orElseThrow()))
                .containsExactly(
                        "counter",
                        "from",
                        "windows",
                        "state",
                        "since",
                        "as_of",
                        "lag",
                        "behind_s",
                        "keys",
                        "bytes",
                        "more",
                        "late",
                        "future");
        List<String> views = row(said, VIEWS);
        assertThat(Long.parseLong(views.get(9))).as("bytes of six keys").isBetween(6 * 50L, 6 * 500L);
        assertThat(without(views, 9))
                .containsExactly(
                        VIEWS,
                        "dwd.dwd_traffic_hit_di",
                        "1m 1d",
                        "counting",
                        "2026-11-01T08:00:00Z",
                        "2026-11-01T12:00:01Z",
                        "?",
                        "?",
                        "6",
                        "1",
                        "6",
                        "3");
        assertThat(row(said, "ads.click").subList(3, 13))
                .containsExactly(
                        "counting", "2026-11-01T08:00:00Z", "2026-11-01T12:00:01Z", "?", "?", "0", "0", "0", "0", "0");
    }

    @Test
    void aKafkaThatIsAwayIsNamedOnceAndTheRestIsShown() {
        Said said = list();
        assertThat(said.code()).isZero();
        assertThat(said.out().lines())
                .hasSize(4)
                .filteredOn(line -> line.contains(",?,?,"))
                .hasSize(3);
        assertThat(said.err().lines())
                .singleElement()
                .asString()
                .contains(TRAFFIC)
                .contains(ADS)
                .contains("is not known: Kafka at " + scene.kafka + " does not answer");
    }

    @Test
    void aQueryThatNobodyCountsIsStopped() {
        scene.redis.del(RedisKeys.alive(ADS));
        Said said = list();
        assertThat(said.code()).isEqualTo(1);
        assertThat(state(said, VIEWS)).isEqualTo("counting");
        assertThat(state(said, "ads.event")).isEqualTo("stopped");
        assertThat(state(said, "ads.click")).isEqualTo("stopped");
        assertThat(said.err())
                .contains("nobody counts " + ADS + " now: start it with `granary up --only streaming`")
                .doesNotContain("nobody counts " + TRAFFIC);
    }

    @Test
    void aQueryThatIsStartedAgainWaits() {
        scene.redis.set(RedisKeys.waits(ADS), "HDFS is in safe mode");
        Said said = list();
        assertThat(said.code()).isEqualTo(1);
        assertThat(state(said, VIEWS)).isEqualTo("counting");
        assertThat(state(said, "ads.click")).isEqualTo("waiting");
        assertThat(said.err()).contains(ADS + " does not count for now, and is started again by itself: HDFS is in");
    }

    @Test
    void whatWasNeverCountedIsStoppedSinceNoTime() {
        scene.redis.flushAll();
        Said said = list();
        assertThat(said.code()).isEqualTo(1);
        assertThat(row(said, VIEWS).subList(3, 6)).containsExactly("stopped", "-", "-");
        assertThat(said.err()).contains("nobody counts " + TRAFFIC).contains("nobody counts " + ADS);
    }

    @Test
    void aQueryThatEndedSaysWhy() {
        scene.redis.del(RedisKeys.alive(TRAFFIC));
        scene.redis.set(RedisKeys.ended(TRAFFIC), "records that were not counted are not in Kafka any more");
        Said said = list();
        assertThat(said.code()).isEqualTo(1);
        assertThat(state(said, VIEWS)).isEqualTo("stopped");
        assertThat(state(said, "ads.click")).isEqualTo("counting");
        assertThat(said.err())
                .contains(TRAFFIC + " has stopped: records that were not counted are not in Kafka any more")
                .doesNotContain("nobody counts");
    }

    /** A start that has much to count anew is at it before the query runs. */
    @Test
    void aRebuildIsShownWhetherSomebodyIsAtItOrNot() {
        scene.redis.hset(RedisKeys.asOf(TRAFFIC), "state", "rebuilding");
        Said running = list();
        assertThat(running.code()).isZero();
        assertThat(state(running, VIEWS)).isEqualTo("rebuilding");
        assertThat(state(running, "ads.click")).isEqualTo("counting");

        scene.redis.del(RedisKeys.alive(TRAFFIC));
        Said dead = list();
        assertThat(dead.code()).isEqualTo(1);
        assertThat(state(dead, VIEWS)).isEqualTo("rebuilding");
        assertThat(dead.err()).contains("nobody counts " + TRAFFIC);
    }

    @Test
    void whatARebuildCouldNotCountIsTold() {
        scene.redis.hset(RedisKeys.asOf(ADS), "missing", "700 bytes of 1 files are in neither the ODS table nor Kafka");
        Said said = list();
        assertThat(said.code()).as("it counts").isZero();
        assertThat(state(said, "ads.click")).isEqualTo("counting");
        assertThat(said.err())
                .contains(ADS + " could not be rebuilt whole: 700 bytes of 1 files are in neither the ODS table nor");
    }

    @Test
    void aRedisThatIsAwayIsNamed() throws IOException {
        Said said = scene.saidWithoutRedis();
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).isEmpty();
        assertThat(said.err()).contains("Redis at redis://127.0.0.1:").contains("granary status");
    }

    private static Said list() {
        return scene.said("--output", "csv");
    }

    private static String state(Said said, String counter) {
        return row(said, counter).get(3);
    }

    private static List<String> row(Said said, String counter) {
        return said.out()
                .lines()
                .map(CountersCommandTest::columns)
                .filter(cells -> cells.get(0).equals(counter))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + counter + " in " + said));
    }

    private static List<String> columns(String line) {
        return Arrays.asList(line.split(",", -1));
    }

    private static List<String> without(List<String> cells, int index) {
        return Stream.concat(cells.subList(0, index).stream(), cells.subList(index + 1, cells.size()).stream())
                .toList();
    }
}
