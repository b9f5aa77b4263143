package io.granary.streaming.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.streaming.Said;
import io.granary.streaming.count.CountingFixture;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.manifest.TopNode;
import io.granary.warehouse.redis.RedisKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees of counters that lie in a real Redis as the job writes them. */
class ReadCommandTest {
    private static final String NAME = "traffic.page";
    private static final long BUCKET = Instant.parse("2026-11-01T02:05:00Z").getEpochSecond();
    private static CountersScene scene;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void count() throws IOException {
        Manifest all = CountingFixture.manifest();
        CounterNode counter = new CounterNode(
                "counter." + NAME,
                "traffic",
                "page",
                "Pages.",
                "dwd.dwd_traffic_hit_di",
                "event_at",
                null,
                List.of("site", "page"),
                List.of("5m", "total"),
                List.of(
                        new MeasureNode("views", "count", null, null),
                        new MeasureNode("visitors", "distinct", "visitor_id", null),
                        new MeasureNode("buyers", "distinct", "visitor_id", true)),
                null,
                null,
                0,
                List.of(new TopNode("views", List.of("site"), 2)));
        List<CounterNode> counters = new ArrayList<>(all.counters());
        counters.add(counter);
        scene = new CountersScene(folder, all.with().counters(counters).manifest());
        hit("shop", "/a b", 7, 3);
        hit("shop", "/c", 9, 2);
        hit("shop", null, 1, 1);
        hit("blog", "/d", 20, 5);
        for (int shard : List.of(2, 5)) {
            scene.redis.hset(
                    RedisKeys.values(shard, NAME, "5m", BUCKET),
                    Map.of(RedisKeys.rows(RedisKeys.MORE), "4", RedisKeys.field(RedisKeys.MORE, "views"), "4"));
        }
        scene.redis.hset(
                RedisKeys.asOf("traffic.access_log"),
                Map.of("batch", "3", "at", "1793534400000", "offsets", "{\"0\":12}", "state", "ok"));
    }

    private static void hit(String site, String page, int views, int visitors) {
        String by = RedisKeys.encodeBy(Arrays.asList(site, page));
        int shard = RedisKeys.shard(NAME, by);
        scene.redis.hset(
                RedisKeys.values(shard, NAME, "5m", BUCKET),
                Map.of(
                        RedisKeys.rows(by),
                        "" + views,
                        RedisKeys.field(by, "views"),
                        "" + views,
                        RedisKeys.COMBINATIONS,
                        "1"));
        for (int i = 0; i < visitors; i++) {
            scene.redis.pfadd(RedisKeys.sketch(shard, NAME, "5m", BUCKET, "visitors", by), "v" + i);
            scene.redis.sadd(RedisKeys.members(shard, NAME, "5m", BUCKET, "buyers", by), "b" + i / 2);
        }
        scene.redis.zadd(
                RedisKeys.ranks(shard, NAME, "5m", BUCKET, "views", RedisKeys.encodeBy(List.of(site))), views, by);
    }

    @AfterAll
    static void stop() throws IOException {
        scene.close();
    }

    @Test
    void allCombinationsOfABucketThoseWithMostRowsFirst() {
        Said said = read("--bucket", "2026-11-01T10:07", "--output", "csv");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out().lines())
                .containsExactly(
                        "site,page,rows,views,visitors,buyers",
                        "blog,/d,20,20,5,3",
                        "shop,/c,9,9,2,1",
                        "%more,%more,8,8,0,0",
                        "shop,/a b,7,7,3,2",
                        "shop,NULL,1,1,1,1");
        assertThat(said.err())
                .contains("5m from 2026-11-01T10:05+08:00[Asia/Shanghai]")
                .contains("as of 2026-11-01T");
    }

    @Test
    void someOfThem() {
        assertThat(read("--bucket", "2026-11-01T02:05Z", "--by", "site=shop", "--limit", "2", "--output", "csv")
                        .out()
                        .lines())
                .hasSize(3)
                .contains("shop,/c,9,9,2,1", "shop,/a b,7,7,3,2");
        Said none = read("--bucket", "2026-11-01T02:10Z", "--by", "site=shop");
        assertThat(none.code()).isZero();
        assertThat(none.out().lines()).hasSize(1);
    }

    @Test
    void theListOfTheMost() {
        assertThat(read("--bucket", "2026-11-01T02:05Z", "--by", "site=shop", "--top", "--output", "csv")
                        .out()
                        .lines())
                .containsExactly("place,site,page,views", "1,shop,/c,9", "2,shop,/a b,7");
        assertThat(read("--top").err())
                .contains("keeps no list within []")
                .contains("--top --measure views --by site=…");
        assertThat(read("--by", "site=shop", "--top", "--measure", "visits").err())
                .contains("keeps no list within [site] of measure 'visits'");
    }

    @Test
    void wrongQuestionsSayWhatIsRight() {
        assertThat(scene.said("read", "trafic.page").err()).contains("Did you mean traffic.page?");
        assertThat(read("--window", "1h").err()).contains("no window '1h'").contains("5m, total");
        assertThat(read("--by", "sight=x").err())
                .contains("no dimension 'sight'")
                .contains("site, page");
        assertThat(read("--limit", "0").code()).isEqualTo(2);
        assertThat(scene.said("read", "ads.click", "--top").err()).contains("keeps no list. Declare one");
    }

    @Test
    void aRedisThatIsAwayIsNamed() throws IOException {
        Said said = scene.saidWithoutRedis("read", NAME);
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).contains("Redis at redis://127.0.0.1:").contains("granary status");
    }

    private static Said read(String... options) {
        List<String> all = new ArrayList<>(List.of("read", NAME));
        all.addAll(List.of(options));
        return scene.said(all.toArray(String[]::new));
    }
}
