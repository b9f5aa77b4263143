package io.granary.streaming.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.streaming.count.CountingFixture;
import io.granary.streaming.count.TestChunk;
import io.granary.streaming.store.Correction;
import io.granary.streaming.store.RedisRetry;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.manifest.TopNode;
import io.granary.warehouse.redis.RedisKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Differences that are nobody's fault: a counter's start, the hour of sealing, a dimension that was built again. */
class ReconciledCausesTest {
    private static final CounterNode SITES = DayScene.counter(
            "site",
            List.of("site"),
            List.of("1d", "total"),
            List.of(
                    new MeasureNode("views", "count", null, null),
                    new MeasureNode("visitors", "distinct", "visitor_id", true),
                    new MeasureNode("seen", "distinct", "visitor_id", null)),
            0,
            List.of(new TopNode("views", List.of(), 3)));
    private static final CounterNode VIEWS = DayScene.counter(
            "view", List.of(), List.of("1d"), List.of(new MeasureNode("views", "count", null, null)), 0, List.of());

    private static CountingFixture fixture;

    @TempDir
    Path folder;

    private final List<String> shop = DayScene.log(1, 60, 28);

    @BeforeAll
    static void start() throws IOException {
        fixture = CountingFixture.interpreting();
    }

    @AfterAll
    static void stop() throws IOException {
        fixture.close();
    }

    @Test
    void whatCameBeforeACounterBeganIsExplainedAndStaysOut() {
        DayScene scene = new DayScene(fixture, folder, VIEWS, SITES);
        scene.begins(0);
        scene.streams(chunk(0, 30));
        scene.begins(0, 1);
        scene.streams(chunk(30, 60));
        scene.seals("s1", chunk(0, 60));
        scene.builds(scene.model.sql());

        assertThat(scene.compared(0).all()).isEmpty();
        Comparison found = scene.compared(1);
        for (String measure : List.of("", "views", "visitors", "seen")) {
            Difference difference = of(found, "1d", measure);
            assertThat(difference.beforeStart()).as(measure).isNegative();
            assertThat(difference.beforeStart() + difference.sketch())
                    .isEqualTo(difference.redis() - difference.batch());
        }
        assertThat(found.unexplained()).isEmpty();

        Map<String, Long> before = fixture.counted();
        scene.corrected(1);
        assertThat(fixture.counted()).isEqualTo(before);
    }

    @Test
    void linesThatAreNotSealedAreAPartOfTheirOwnInTheDayAndInTotal() {
        DayScene scene = new DayScene(fixture, folder, SITES);
        scene.streams(chunk(0, 60));
        scene.seals("s1", chunk(0, 45), chunk(57, 58));
        scene.builds(scene.model.sql());
        // one that dies at once
        Correction.begin("traffic.access_log", fixture.server.nodes, new RedisRetry(Duration.ZERO), Clock.systemUTC())
                .announce();

        Comparison found = scene.compared(0);
        assertThat(of(found, "1d", "views").notSealed()).isPositive();
        assertThat(of(found, "1d", "visitors").notSealed()).isPositive();
        assertThat(found.unexplained()).isEmpty();
        assertThat(found.notes())
                .anyMatch(note -> note.contains("host h1, file shop: sealed through 2026-11-02T00:00:00Z"));
        Map<String, Long> before = fixture.counted();
        scene.corrected(0);
        assertThat(fixture.counted()).isEqualTo(before);
        assertThat(fixture.server.redis.hget(RedisKeys.asOf("traffic.access_log"), "state"))
                .isEqualTo("ok");

        List<String> days = List.of("2026-11-01", "2026-11-02", "2026-11-03");
        Comparison total = scene.total(0, days, List.of("2026-11-03"));
        assertThat(of(total, "total", "views").notSealed())
                .isGreaterThan(of(found, "1d", "views").notSealed());
        assertThat(total.unexplained()).isEmpty();
        String key = RedisKeys.values(RedisKeys.shard("traffic.site", "shop"), "traffic.site", "total", 0);
        fixture.server.redis.hincrBy(key, "shop#views", 5);
        assertThat(scene.total(0, days, List.of("2026-11-03")).unexplained())
                .hasSize(2)
                .anyMatch(d -> d.cell().measure().equals("views") && d.unexplained() == 5);
        scene.repair().run(scene.reconciliation(0), () -> scene.total(0, days, List.of("2026-11-03")));
        assertThat(fixture.counted()).isEqualTo(before);
    }

    /** The stream joins what is published while it counts, the batch what its day has. */
    @Test
    void versionsOfADimensionThatTheStreamJoinedAreReclassified() {
        String joined = CountingFixture.text()
                .replace("hit.site,\\n    hit.event_at", "d.owner AS site,\\n    hit.event_at")
                .replace("FROM hit\"", "FROM hit JOIN dim.dim_site_df AS d ON d.site = hit.site AND d.ds = :ds\"")
                .replace(
                        "\"inputs\": [\"ods.ods_traffic_access_log_hi\"]",
                        "\"inputs\": [\"dim.dim_site_df\", \"ods.ods_traffic_access_log_hi\"]");
        DayScene scene = new DayScene(fixture, folder, joined, SITES);
        scene.publishes("20261101T000000Z-aaaaaa", "('shop', 'ann'), ('blog', 'ann')");
        scene.streams(chunk(0, 30));
        scene.publishes("20261102T000000Z-bbbbbb", "('shop', 'bob')");
        scene.streams(chunk(30, 50));
        scene.streams(chunk(50, 60));
        scene.seals("s1", chunk(0, 60));
        scene.builds(scene.model.sql());

        Comparison found = scene.compared(0);
        List<Difference> rows = found.differences().stream()
                .filter(d -> d.cell().measure().equals("views"))
                .toList();
        assertThat(rows).extracting(d -> d.cell().by()).containsExactlyInAnyOrder("ann", "bob");
        assertThat(rows).allMatch(d -> d.reclassified() == d.redis() - d.batch() && d.reclassified() != 0);
        assertThat(found.unexplained()).isEmpty();

        String key = RedisKeys.values(
                RedisKeys.shard("traffic.site", "bob"), "traffic.site", "1d", DayScene.MIDNIGHT.getEpochSecond());
        fixture.server.redis.hincrBy(key, "bob#views", 1);
        assertThat(scene.compared(0).unexplained()).anyMatch(d -> d.unexplained() == 1);
        scene.corrected(0);
        assertThat(scene.compared(0).differences())
                .allMatch(d -> d.sketch() == d.redis() - d.batch() && d.unexplained() == 0);
    }

    private static Difference of(Comparison found, String window, String measure) {
        return DayScene.difference(found, window, measure).orElseThrow();
    }

    private TestChunk chunk(int from, int to) {
        return new TestChunk("shop", "shop", shop, from, to);
    }
}
