package io.granary.streaming.count;

import static io.granary.streaming.count.AdCounters.COUNTER;
import static io.granary.streaming.count.AdCounters.event;
import static io.granary.streaming.count.AdCounters.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.functions.sketch.RedisSketch;
import io.granary.streaming.query.DimensionVersions;
import io.granary.streaming.query.DimensionVersions.Version;
import io.granary.streaming.query.StreamQuery;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.redis.RedisKeys;
import io.granary.warehouse.redis.Windows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a counter may say: late and future rows, sketches, lists, joins; and records that are one event each. */
class CounterKindsTest {
    private static final String ADS = "ads.ad_event";
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    private static CountingFixture fixture;

    @TempDir
    Path folder;

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
        fixture.now = NOW;
    }

    @Test
    void lateFutureAndTimelessRowsAreKeptApart() {
        StreamQuery query = query("""
                "by": ["campaign_id"], "windows": ["1m", "total"], "ttl": {"1m": "P8D"}, "ahead": "PT10M",
                "measures": [{"name": "clicks", "type": "count"}]""");
        Instant late = NOW.minus(Duration.ofDays(9));
        Instant soon = NOW.plus(Duration.ofMinutes(9));
        Instant future = NOW.plus(Duration.ofMinutes(11));
        run(
                query,
                Records.CHUNKS,
                List.of(
                        event("a", NOW, 1),
                        event("a", late, 1),
                        event("a", soon, 1),
                        event("a", future, 1),
                        event("a", NOW, 3)));

        int shard = RedisKeys.shard(COUNTER, "a");
        assertThat(number(RedisKeys.values(shard, COUNTER, "total", 0))).isEqualTo("3");
        assertThat(number(RedisKeys.values(shard, COUNTER, "1m", minute(NOW)))).isEqualTo("1");
        assertThat(number(RedisKeys.values(shard, COUNTER, "1m", minute(soon)))).isEqualTo("1");
        assertThat(number(RedisKeys.uncounted(shard, "late", COUNTER, "1m", minute(late))))
                .isEqualTo("1");
        assertThat(number(RedisKeys.uncounted(shard, "future", COUNTER, "total", 0)))
                .isEqualTo("1");
        assertThat(fixture.redis.exists(RedisKeys.values(shard, COUNTER, "1m", minute(late))))
                .isFalse();
        assertThat(fixture.last.uncounted())
                .isEqualTo(Map.of(COUNTER, Map.of("late", 1L, "future", 1L, "no_time", 1L)));
    }

    @Test
    void aSketchIsTheOneThatRedisWouldMakeOfAllMembers() {
        StreamQuery query = query("""
                "by": [], "windows": ["1m", "total"],
                "measures": [{"name": "ads", "type": "distinct", "column": "campaign_id"}]""");
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 30_000; i++) {
            String member = "visitor-" + i % 20_000;
            lines.add(event(member, NOW.plusSeconds(i % 120), 1));
        }
        CounterBatch job = run(query, Records.CHUNKS, lines.subList(0, 17_000));
        fixture.run(job, 1, records(lines, 17_000, 30_000));
        for (int i = 0; i < 20_000; i++) {
            fixture.redis.pfadd("all", "visitor-" + i);
        }

        int shard = RedisKeys.shard(COUNTER, "");
        String sketch = RedisKeys.sketch(shard, COUNTER, "total", 0, "ads", "");
        assertThat(fixture.redis.pfcount(sketch))
                .isEqualTo(fixture.redis.pfcount("all"))
                .isBetween(19_500L, 20_500L);
        assertThat(fixture.last.deltas()).isLessThan(4 * RedisSketch.REGISTERS);
    }

    @Test
    void listsHoldTheNumbersOfTheirCombinations() {
        StreamQuery query = query("""
                "by": ["event_type", "campaign_id"], "windows": ["total"],
                "measures": [{"name": "clicks", "type": "count"}, {"name": "cost", "type": "sum", "column": "cost_cents"}],
                "top": [{"measure": "clicks", "within": ["event_type"], "size": 2}, {"measure": "cost", "within": [], "size": 2}]""");
        run(query, Records.CHUNKS, List.of(event("a", NOW, 1), event("b", NOW, 2), event("b", NOW, 2)));

        Map<String, Double> clicks = new HashMap<>();
        Map<String, Double> cost = new HashMap<>();
        for (int shard = 0; shard < RedisKeys.SHARDS; shard++) {
            fixture.redis
                    .zrangeWithScores(RedisKeys.ranks(shard, COUNTER, "total", 0, "clicks", "click"), 0, -1)
                    .forEach(t -> clicks.put(t.getElement(), t.getScore()));
            fixture.redis
                    .zrangeWithScores(RedisKeys.ranks(shard, COUNTER, "total", 0, "cost", ""), 0, -1)
                    .forEach(t -> cost.put(t.getElement(), t.getScore()));
        }
        assertThat(clicks).isEqualTo(Map.of("click|a", 1.0, "click|b", 2.0));
        assertThat(cost).isEqualTo(Map.of("click|a", 1.0, "click|b", 4.0));
    }

    @Test
    void recordsThatAreOneEventEachCountByTheirOffset() {
        StreamQuery query = query("""
                "by": ["campaign_id"], "windows": ["10s", "total"],
                "measures": [{"name": "clicks", "type": "count"}]""");
        List<Row> records = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            byte[] line = (i == 7 ? "{broken" : event("c" + i % 2, NOW, 1)).getBytes(StandardCharsets.UTF_8);
            records.add(RowFactory.create(i % 3, (long) i, line));
        }
        CounterBatch job = fixture.started(query, folder, new CounterRows(fixture.spark, query, Records.EVENTS));
        fixture.run(job, 0, records);
        fixture.run(job, 0, records);

        assertThat(number(RedisKeys.values(RedisKeys.shard(COUNTER, "c0"), COUNTER, "total", 0), "c0"))
                .isEqualTo("20");
        assertThat(number(RedisKeys.values(RedisKeys.shard(COUNTER, "c1"), COUNTER, "total", 0), "c1"))
                .isEqualTo("19");
        assertThat(fixture.last.rejected()).isEqualTo(1);
        assertThat(fixture.redis.hget(RedisKeys.asOf(ADS), "offsets")).isEqualTo("{\"0\":40,\"1\":38,\"2\":39}");
    }

    @Test
    void aJoinTakesTheNewestPublishedVersionAndRecordsIt() {
        String sql = "SELECT d.owner AS campaign_id, e.event_at, e.event_type, e.cost_cents FROM"
                + " ods.ods_ads_ad_event_hi AS e JOIN dim.dim_campaign_df AS d ON e.campaign_id = d.id AND d.ds = :ds"
                + " WHERE e.ds = :ds";
        StreamQuery query = query(sql, """
                "by": ["campaign_id"], "windows": ["total"], "measures": [{"name": "clicks", "type": "count"}]""");
        Map<String, Version> published = new HashMap<>();
        DimensionVersions versions = (table, day) -> Optional.ofNullable(published.get(table));
        CounterRows rows = new CounterRows(fixture.spark, query, Records.CHUNKS, versions);
        assertThatThrownBy(rows::check)
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("granary build --select +dim_campaign_df");

        published.put("dim.dim_campaign_df", version("one", "a", "ann"));
        CounterBatch job = fixture.started(query, folder, rows);
        List<String> lines = List.of(event("a", NOW, 1), event("b", NOW, 1), event("a", NOW, 1), event("b", NOW, 1));
        fixture.run(job, 0, records(lines, 0, 2));
        published.put("dim.dim_campaign_df", version("two", "b", "bob"));
        fixture.run(job, 1, records(lines, 2, 3));
        assertThat(fixture.checkpoint(folder).marks(1).orElseThrow().dimensions())
                .containsExactly(Map.entry("dim.dim_campaign_df", "ds=2026-11-20 one"));
        fixture.now = NOW.plusSeconds(61);
        fixture.run(job, 2, records(lines, 3, 4));

        assertThat(number(RedisKeys.values(RedisKeys.shard(COUNTER, "ann"), COUNTER, "total", 0), "ann"))
                .isEqualTo("2");
        assertThat(number(RedisKeys.values(RedisKeys.shard(COUNTER, "bob"), COUNTER, "total", 0), "bob"))
                .isEqualTo("1");
        assertThat(fixture.checkpoint(folder).marks(2).orElseThrow().dimensions())
                .containsExactly(Map.entry("dim.dim_campaign_df", "ds=2026-11-20 two"));
    }

    private Version version(String run, String id, String owner) {
        String location = folder.resolve(run).toUri().toString();
        fixture.spark
                .sql("SELECT '" + id + "' AS id, '" + owner + "' AS owner")
                .write()
                .orc(location);
        return new Version("2026-11-20", run, location);
    }

    private CounterBatch run(StreamQuery query, Records input, List<String> lines) {
        CounterBatch job = fixture.started(query, folder, new CounterRows(fixture.spark, query, input));
        fixture.run(job, 0, records(lines, 0, lines.size()));
        return job;
    }

    private static List<Row> records(List<String> lines, int from, int to) {
        return fixture.records(List.of(new TestChunk("shop", "ad", lines, from, to)));
    }

    private static String number(String key) {
        return number(key, "a");
    }

    private static String number(String key, String by) {
        return fixture.redis.hget(key, by + "#clicks");
    }

    private static long minute(Instant at) {
        return Windows.bucket(at, "1m", ZoneOffset.UTC);
    }
}
