package io.granary.streaming.count;

import static io.granary.streaming.count.AdCounters.COUNTER;
import static io.granary.streaming.count.AdCounters.event;
import static io.granary.streaming.count.AdCounters.query;
import static org.assertj.core.api.Assertions.assertThat;

import io.granary.streaming.query.StreamQuery;
import io.granary.warehouse.redis.RedisKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nobody should send: each is left out, told by its reason, and everything else counts. */
class BadInputTest {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private static final int DISTINCT = Integer.getInteger("granary.faults.keys", 30_000);
    private static final String MAX = Long.toString(Long.MAX_VALUE);

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
    void aSumBeyond64BitsIsLeftOutAndToldWhileTheRestCounts() {
        StreamQuery query = query("""
                "by": ["campaign_id"], "windows": ["1m", "total"], "ahead": "PT10M",
                "measures": [{"name": "clicks", "type": "count"}, {"name": "cost", "type": "sum", "column": "cost_cents"}],
                "top": [{"measure": "cost", "within": [], "size": 5}]""");
        List<String> lines = new ArrayList<>();
        lines.add(sum("a", NOW, MAX));
        lines.add(sum("a", NOW.plusSeconds(120), MAX));
        lines.add(sum("b", NOW, "-" + MAX));
        lines.add(sum("b", NOW, "-2"));
        lines.add(sum("c", NOW, MAX));
        lines.add(sum("c", NOW, "7"));
        lines.add(sum("c", NOW, "-9"));
        Collections.shuffle(lines, new Random(1));
        CounterBatch job = started(query);
        run(job, 0, lines, 4);

        assertThat(total("a")).isEqualTo(Map.of("a#", "2", "a#clicks", "2"));
        assertThat(total("b")).isEqualTo(Map.of("b#", "2", "b#clicks", "2"));
        assertThat(total("c")).containsEntry("c#cost", Long.toString(Long.MAX_VALUE - 2));
        assertThat(fixture.redis.zrange(RedisKeys.ranks(shard("a"), COUNTER, "total", 0, "cost", ""), 0, -1))
                .doesNotContain("a", "b");
        assertThat(minute("a", NOW)).containsEntry("a#cost", MAX);
        // of a in all, of b in all and in its minute
        assertThat(fixture.last.uncounted()).isEqualTo(Map.of(COUNTER, Map.of("overflow", 3L)));
        assertThat(fixture.last.refused()).isZero();

        // what Redis holds and what comes do not fit together: it is told just so
        run(job, 1, List.of(sum("c", NOW, "5")), 1);
        assertThat(total("c"))
                .containsEntry("c#cost", Long.toString(Long.MAX_VALUE - 2))
                .containsEntry("c#", "4");
        assertThat(fixture.last.refused()).isEqualTo(2);
    }

    @Test
    void fieldsOfAnotherTypeAreRejected() {
        StreamQuery query = query("""
                "by": ["campaign_id"], "windows": ["total"],
                "measures": [{"name": "clicks", "type": "count"}, {"name": "cost", "type": "sum", "column": "cost_cents"}]""");
        String now = "\"" + NOW + "\"";
        run(
                started(query),
                0,
                List.of(
                        event("a", NOW, 1),
                        event("\"a\"", now, "\"much\""),
                        event("\"a\"", now, "1.5"),
                        event("\"a\"", now, "[1]"),
                        event("\"a\"", now, "99999999999999999999"),
                        event("\"a\"", "\"yesterday\"", "1"),
                        event("\"a\"", "null", "1"),
                        event("\"a\"", "\"9999-01-01T00:00:00Z\"", "1"),
                        "[1, 2]",
                        "",
                        event("a", NOW, 1)),
                2);

        assertThat(total("a")).isEqualTo(Map.of("a#", "2", "a#clicks", "2", "a#cost", "2"));
        assertThat(fixture.last.rejected()).isEqualTo(9);
        assertThat(fixture.last.poison()).isZero();
    }

    /** Clocks that stand wrong by years must not fill Redis: a time far away has no bucket of its own. */
    @Test
    void eventsOfAnyTimeAreToldInFewKeys() {
        StreamQuery query = query("""
                "by": ["campaign_id"], "windows": ["1m", "total"], "ttl": {"1m": "P8D"}, "ahead": "PT10M",
                "measures": [{"name": "clicks", "type": "count"}]""");
        Instant old = NOW.minus(Duration.ofDays(30));
        Instant soon = NOW.plus(Duration.ofDays(1));
        List<String> lines = new ArrayList<>(List.of(event("a", old, 1), event("a", soon, 1), event("a", NOW, 1)));
        Random random = new Random(2);
        for (int i = 0; i < 500; i++) {
            lines.add(event("a", Instant.ofEpochSecond(random.nextInt(1_500_000_000)), 1));
            lines.add(event("a", NOW.plus(Duration.ofMinutes(100_000L + random.nextInt(1_000_000_000))), 1));
        }
        run(started(query), 0, lines, 3);

        assertThat(total("a")).containsEntry("a#clicks", "502");
        assertThat(minute("a", NOW)).containsEntry("a#clicks", "1");
        assertThat(fixture.redis.keys("g:{*}:c:*")).hasSize(2);
        assertThat(uncounted("late", old)).containsEntry("a#clicks", "1");
        assertThat(uncounted("late", Instant.EPOCH)).containsEntry("a#clicks", "500");
        assertThat(uncounted("future", soon)).containsEntry("a#clicks", "1");
        assertThat(uncounted("future", Instant.EPOCH)).containsEntry("a#clicks", "500");
        // future rows are so in every window
        assertThat(fixture.redis.keys("g:{*}:x:*")).hasSize(5);
        assertThat(fixture.last.uncounted()).isEqualTo(Map.of(COUNTER, Map.of("late", 501L, "future", 501L)));
    }

    @Test
    void aMinuteWithMoreKeysThanItMayHoldStaysBoundedAndItsSumsRight() {
        StreamQuery query = query("""
                "by": ["campaign_id"], "windows": ["1m"], "max_keys": 4800,
                "measures": [{"name": "clicks", "type": "count"}, {"name": "ads", "type": "distinct", "column": "campaign_id"}],
                "top": [{"measure": "clicks", "within": [], "size": 5}]""");
        Instant minute = NOW.truncatedTo(ChronoUnit.MINUTES);
        CounterBatch job = started(query);
        int each = DISTINCT / 4;
        for (int batch = 0; batch < 4; batch++) {
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < each; i++) {
                lines.add(event("visitor-" + (batch * each + i), minute, 1));
            }
            run(job, batch, lines, 4);
        }

        long own = 0;
        long rows = 0;
        long more = 0;
        for (int shard = 0; shard < RedisKeys.SHARDS; shard++) {
            Map<String, String> found =
                    fixture.redis.hgetAll(RedisKeys.values(shard, COUNTER, "1m", minute.getEpochSecond()));
            assertThat(found.get(RedisKeys.COMBINATIONS)).isEqualTo("300");
            for (Map.Entry<String, String> field : found.entrySet()) {
                if (field.getKey().endsWith("#")) {
                    boolean isMore = field.getKey().equals(RedisKeys.rows(RedisKeys.MORE));
                    own += isMore ? 0 : 1;
                    more += isMore ? Long.parseLong(field.getValue()) : 0;
                    rows += Long.parseLong(field.getValue());
                }
            }
            assertThat(fixture.redis.zcard(
                            RedisKeys.ranks(shard, COUNTER, "1m", minute.getEpochSecond(), "clicks", "")))
                    .isEqualTo(300);
        }
        assertThat(own).isEqualTo(4800);
        assertThat(rows).isEqualTo(4L * each);
        assertThat(more).isEqualTo(rows - own);
        // a sketch for each that has one of its own, and for the others of a shard together
        assertThat(fixture.redis.keys("g:{*}:h:*")).hasSize(4800 + RedisKeys.SHARDS);
    }

    @Test
    void aLineThatWasTooLongForTheAgentIsRejectedOnce() {
        StreamQuery query = query("""
                "by": [], "windows": ["total"], "measures": [{"name": "clicks", "type": "count"}]""");
        List<String> lines = List.of(event("a", NOW, 1), "x".repeat(300), event("a", NOW, 1));
        Map<String, String> headers = new HashMap<>(new TestChunk("shop", "ad", lines, 1, 2).headers());
        headers.put("kind", "oversize");
        byte[] oversize = TestChunk.encode(headers, new byte[] {'x'});
        headers.remove("file");
        byte[] poison = TestChunk.encode(headers, new byte[] {'x'});
        CounterBatch job = started(query);
        // in two tasks of one batch, again after it, and behind a restart
        fixture.run(
                job,
                0,
                List.of(
                        new TestChunk("shop", "ad", lines, 0, 1).record(0, 0),
                        RowFactory.create(0, 1L, oversize),
                        RowFactory.create(1, 0L, oversize),
                        RowFactory.create(1, 1L, poison),
                        new TestChunk("shop", "ad", lines, 2, 3).record(0, 2)));
        assertThat(fixture.last.rejected()).isEqualTo(1);
        assertThat(fixture.last.poison()).isEqualTo(1);
        assertThat(fixture.last.lines()).isEqualTo(2);
        fixture.run(job, 1, List.of(RowFactory.create(0, 3L, oversize)));
        assertThat(fixture.last.rejected()).isZero();
        fixture.run(started(query), 2, List.of(RowFactory.create(1, 2L, oversize)));

        assertThat(fixture.last.rejected()).isZero();
        assertThat(fixture.last.duplicates()).isZero();
        assertThat(fixture.redis.hget(RedisKeys.values(shard(""), COUNTER, "total", 0), "#clicks"))
                .isEqualTo("2");
    }

    /** What is wrong with a chunk may be in any header: lines that were not counted must not be taken for counted. */
    @Test
    void poisonMarksNothing() {
        StreamQuery query = query("""
                "by": [], "windows": ["total"], "measures": [{"name": "clicks", "type": "count"}]""");
        TestChunk chunk = new TestChunk("shop", "ad", List.of(event("a", NOW, 1), event("a", NOW, 1)), 0, 2);
        List<Row> records = new ArrayList<>();
        for (String header : List.of("region", "site", "host", "file", "start", "end", "first_line")) {
            Map<String, String> without = new HashMap<>(chunk.headers());
            without.remove(header);
            records.add(RowFactory.create(0, (long) records.size(), TestChunk.encode(without, chunk.body())));
        }
        for (String header : List.of("start", "end", "first_line", "lines", "collected_at")) {
            Map<String, String> wrong = new HashMap<>(chunk.headers());
            wrong.put(header, "-1");
            records.add(RowFactory.create(0, (long) records.size(), TestChunk.encode(wrong, chunk.body())));
        }
        byte[] good = TestChunk.encode(chunk.headers(), chunk.body());
        for (int length = 0; length < good.length; length += 7) {
            records.add(RowFactory.create(0, (long) records.size(), Arrays.copyOf(good, length)));
        }
        CounterBatch job = started(query);
        fixture.run(job, 0, records);
        assertThat(fixture.last.poison()).isEqualTo(records.size());
        assertThat(fixture.last.poisoned())
                .hasSize(20)
                .allSatisfy(p -> assertThat(p.reason()).isNotBlank());
        assertThat(fixture.checkpoint(folder).marks(0).orElseThrow().files()).isEmpty();

        fixture.run(job, 1, List.of(chunk.record(0, records.size())));
        assertThat(fixture.redis.hget(RedisKeys.values(shard(""), COUNTER, "total", 0), "#clicks"))
                .isEqualTo("2");
    }

    private CounterBatch started(StreamQuery query) {
        return fixture.started(query, folder, new CounterRows(fixture.spark, query, Records.CHUNKS));
    }

    /** @param chunks among which the lines are dealt out; they are a file of the batch's own */
    private static void run(CounterBatch job, int batch, List<String> lines, int chunks) {
        List<TestChunk> dealt = new ArrayList<>();
        for (int i = 0; i < chunks; i++) {
            dealt.add(new TestChunk(
                    "shop", "ad" + batch, lines, lines.size() * i / chunks, lines.size() * (i + 1) / chunks));
        }
        List<Row> records = fixture.records(dealt);
        fixture.run(job, batch, records);
    }

    private static String sum(String campaign, Instant at, String cost) {
        return event("\"" + campaign + "\"", "\"" + at + "\"", cost);
    }

    private static int shard(String by) {
        return RedisKeys.shard(COUNTER, by);
    }

    /** Fields of a combination over all times. */
    private static Map<String, String> total(String by) {
        return of(by, RedisKeys.values(shard(by), COUNTER, "total", 0));
    }

    private static Map<String, String> minute(String by, Instant at) {
        long bucket = at.truncatedTo(ChronoUnit.MINUTES).getEpochSecond();
        return of(by, RedisKeys.values(shard(by), COUNTER, "1m", bucket));
    }

    private static Map<String, String> uncounted(String reason, Instant at) {
        long bucket = at.truncatedTo(ChronoUnit.MINUTES).getEpochSecond();
        return of("a", RedisKeys.uncounted(shard("a"), reason, COUNTER, "1m", bucket));
    }

    private static Map<String, String> of(String by, String key) {
        Map<String, String> found = new HashMap<>(fixture.redis.hgetAll(key));
        found.keySet().removeIf(field -> !field.startsWith(by + "#"));
        return found;
    }
}
