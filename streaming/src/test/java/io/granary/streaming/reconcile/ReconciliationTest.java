package io.granary.streaming.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.streaming.count.CountingFixture;
import io.granary.streaming.count.TestChunk;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.manifest.TopNode;
import io.granary.warehouse.redis.RedisKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconciliationTest {
    private static final CounterNode VIEWS = DayScene.counter(
            "view",
            List.of("site"),
            List.of("5m", "1h", "1d", "total"),
            List.of(
                    new MeasureNode("views", "count", null, null),
                    new MeasureNode("bytes", "sum", "bytes", null),
                    new MeasureNode("visitors", "distinct", "visitor_id", true),
                    new MeasureNode("seen", "distinct", "visitor_id", null)),
            0,
            List.of(new TopNode("views", List.of(), 3)));
    private static final CounterNode SIZES = DayScene.counter(
            "size",
            List.of("bytes"),
            List.of("1d"),
            List.of(new MeasureNode("views", "count", null, null)),
            16,
            List.of());

    private static CountingFixture fixture;

    @TempDir
    Path folder;

    private DayScene scene;
    private List<String> shop;
    private List<String> blog;

    @BeforeAll
    static void start() throws IOException {
        fixture = CountingFixture.interpreting();
    }

    @AfterAll
    static void stop() throws IOException {
        fixture.close();
    }

    /** Both sites' logs of two days, sealed and built, and counted but for the last ten lines of the shop. */
    @BeforeEach
    void aDay() {
        scene = new DayScene(fixture, folder, VIEWS, SIZES);
        shop = DayScene.log(1, 400, 25);
        blog = DayScene.log(2, 200, 28);
        scene.streams(chunk("shop", shop, 0, 150), chunk("blog", blog, 0, 200));
        scene.streams(chunk("shop", shop, 150, 390));
        scene.seals("s1", chunk("shop", shop, 0, 400), chunk("blog", blog, 0, 200));
        scene.builds(scene.model.sql());
    }

    @Test
    void aDayThroughStreamAndBatchIsTheSameWindowByWindow() {
        scene.streams(chunk("shop", shop, 390, 400));

        Comparison views = scene.compared(0);
        assertThat(views.all().stream().filter(d -> d.sketch() == 0)).isEmpty();
        assertThat(views.unexplained()).isEmpty();
        assertThat(views.cells()).isGreaterThan(1000);
        Comparison sizes = scene.compared(1);
        assertThat(sizes.all()).isEmpty();
        assertThat(sizes.more()).as("beyond max_keys").isPositive();
    }

    @Test
    void linesThatTheStreamHasNotReadAreLateAndNotCountedTwiceByACorrection() {
        Comparison found = scene.compared(0);
        Difference views = of(found, "views");
        assertThat(views.late()).isEqualTo(views.redis() - views.batch()).isNegative();
        assertThat(found.unexplained()).isEmpty();

        scene.corrected(0);
        scene.streams(chunk("shop", shop, 390, 400));

        assertThat(scene.compared(0).differences()).allMatch(d -> d.sketch() != 0);
        assertThat(scene.compared(1).all()).isEmpty();
    }

    @Test
    void linesThatAReplayLoadedAreQuarantined() {
        scene.streams(chunk("shop", shop, 390, 400));
        List<String> mended =
                shop.stream().map(l -> l.endsWith("\"") ? l : l + "\"").toList();
        // of the file as it is, so that lines lie where they lay
        List<String> oneMended = new ArrayList<>(shop);
        oneMended.set(209, mended.get(209));
        scene.seals("replay-1", chunk("shop", oneMended, 209, 210));
        scene.sql()
                .execute("CREATE TABLE ods.granary_quarantine USING orc AS"
                        + " SELECT 'traffic.access_log' AS source, 's1' AS seal_id, 'replay-1' AS replayed_by");
        scene.builds(scene.model.sql());

        Comparison found = scene.compared(0);
        Difference views = of(found, "views");
        assertThat(views.quarantined()).isEqualTo(-1).isEqualTo(views.redis() - views.batch());
        assertThat(found.unexplained()).isEmpty();

        scene.corrected(0);
        assertThat(scene.compared(0).differences()).allMatch(d -> d.sketch() != 0);
    }

    @Test
    void aTableOfAnOlderDefinitionIsReclassified() {
        scene.streams(chunk("shop", shop, 390, 400));
        scene.builds(scene.model.sql().replace("IN (200, 304)", "IN (200, 304, 404)"));

        Comparison found = scene.compared(0);
        Difference views = of(found, "views");
        assertThat(views.reclassified())
                .isEqualTo(views.redis() - views.batch())
                .isNegative();
        assertThat(found.unexplained()).isEmpty();
    }

    @Test
    void whatAHandDidInRedisIsAnAlertAndIsRepairedOnce() {
        scene.streams(chunk("shop", shop, 390, 400));
        long bucket = DayScene.MIDNIGHT.getEpochSecond();
        int shard = RedisKeys.shard("traffic.view", "shop");
        var redis = fixture.server.redis;
        redis.hincrBy(RedisKeys.values(shard, "traffic.view", "1d", bucket), "shop#views", 5);
        String members = RedisKeys.members(shard, "traffic.view", "1d", bucket, "visitors", "shop");
        redis.srem(members, redis.srandmember(members));
        redis.sadd(members, "nobody", "nobody else");
        String sketch = RedisKeys.sketch(shard, "traffic.view", "1d", bucket, "seen", "shop");
        redis.del(sketch);
        redis.zincrby(RedisKeys.ranks(shard, "traffic.view", "1h", bucket, "views", ""), 7, "shop");

        Comparison found = scene.compared(0);
        assertThat(found.unexplained()).hasSize(5);
        assertThat(of(found, "views").unexplained()).isEqualTo(5);
        assertThat(of(found, "visitors").unexplained()).isEqualTo(1);
        assertThatThrownBy(() -> Unexplained.refuse(List.of(found), List.of(), false))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("5 numbers")
                .hasMessageContaining("traffic.view views, window 1d of 2026-11-01T16:00:00Z, site=shop: Redis ")
                .hasMessageContaining("--ds 2026-11-02 --correct");
        assertThatThrownBy(() -> Unexplained.refuse(List.of(found), List.of(), true))
                .hasMessageContaining("also after they were corrected")
                .hasMessageContaining("granary build --ds 2026-11-02 --full-refresh")
                .hasMessageContaining("another writer");

        scene.corrected(0);
        Map<String, Long> repaired = fixture.counted();
        assertThat(redis.sismember(members, "nobody")).isFalse();
        Comparison left = scene.compared(0);
        assertThat(left.all()).allMatch(d -> d.sketch() != 0);
        assertThatCode(() -> Unexplained.refuse(List.of(left), List.of(), true)).doesNotThrowAnyException();
        assertThat(redis.hget(RedisKeys.asOf("traffic.access_log"), "state")).isEqualTo("ok");

        scene.corrected(0);
        assertThat(fixture.counted()).isEqualTo(repaired);
    }

    /** What the stream adds while a correction is computed stays. */
    @Test
    void aCorrectionAddsToWhatIsThere() {
        long bucket = DayScene.MIDNIGHT.getEpochSecond();
        String key = RedisKeys.values(RedisKeys.shard("traffic.view", "blog"), "traffic.view", "1d", bucket);
        var redis = fixture.server.redis;
        long before = Long.parseLong(redis.hget(key, "blog#views"));
        redis.hincrBy(key, "blog#views", -3);
        Repair repair = scene.repair();
        repair.run(scene.reconciliation(0), () -> {
            Comparison found = scene.compared(0);
            redis.hincrBy(key, "blog#views", 10);
            return found;
        });
        assertThat(redis.hget(key, "blog#views")).isEqualTo(Long.toString(before + 10));
    }

    private static Difference of(Comparison found, String measure) {
        return DayScene.difference(found, "1d", measure).orElseThrow();
    }

    private static TestChunk chunk(String site, List<String> lines, int from, int to) {
        return new TestChunk(site, site, lines, from, to);
    }
}
