package io.granary.ingestion.sync.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.ingestion.sync.row.DirtySink;
import io.granary.ingestion.sync.row.RowBatches;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.ingestion.sync.row.RowWriter;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.redis.Attributes;
import io.granary.warehouse.redis.RedisKeys;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.hadoop.hive.common.type.HiveDecimal;
import org.apache.hadoop.hive.ql.exec.vector.BytesColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.DecimalColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.LongColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.TimestampColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** Attributes in a real Redis: written in versions, read by who knows only the pointer. */
class RedisRowWriterTest {
    private static final RowPart PART = new RowPart("00000", "file one", null, "f");
    private static final AttributeTimes TIMES =
            new AttributeTimes(Duration.ofMinutes(10), Duration.ofMillis(1500), Duration.ofSeconds(20));
    private static final TypeDescription USERS = TypeDescription.fromString(
            "struct<user_id:bigint,name:string,spent:decimal(12,2),born:date,seen:timestamp,vip:boolean>");
    private static final TypeDescription LEVELS = TypeDescription.fromString("struct<user_id:bigint,level:bigint>");

    private static final DirtySink REFUSED = row -> {
        throw new GranaryException(ErrorCode.DATA, row.where() + ": " + row.reason());
    };

    private static RedisFixture server;
    private static RedisClient redis;

    @BeforeAll
    static void start() throws Exception {
        server = new RedisFixture();
        redis = server.client();
    }

    @AfterAll
    static void stop() throws Exception {
        redis.close();
        server.close();
    }

    @BeforeEach
    void empty() {
        redis.flushAll();
    }

    @Test
    void aRowIsAHashOfTexts() {
        try (RedisRowWriter writer = writer(USERS, "day 1", TIMES);
                RowWriter.Part part = writer.open(PART, REFUSED)) {
            VectorizedRowBatch batch = RowBatches.of(USERS, 10);
            user(batch, 7, "中 {x}", "10.10", LocalDate.of(2024, 2, 29), "2026-11-01T10:05:00.5Z", true);
            user(batch, 8, "", null, null, "2026-11-01T10:05:00Z", null);
            user(batch, 9, null, null, null, null, null);
            part.write(batch);
            RowSums sums = part.finish();
            assertThat(sums.rows()).isEqualTo(3);
            assertThat(sums.columns()).extracting(RowSums.ColumnSum::present).containsExactly(3L, 2L, 1L, 1L, 2L, 1L);
            assertThat(new Attributes(new PipelinedHashes(redis), "user").of(List.of("7")))
                    .isEmpty();
            writer.commit();
        }
        Attributes.Answer answer = read("7", "8", "9", "10");
        assertThat(answer.version().rows()).isEqualTo(3);
        assertThat(answer.version().label()).isEqualTo("day 1");
        assertThat(answer.byId().get("7"))
                .isEqualTo(Map.of(
                        "name",
                        "中 {x}",
                        "spent",
                        "10.10",
                        "born",
                        "2024-02-29",
                        "seen",
                        "2026-11-01 10:05:00.500000",
                        "vip",
                        "true"));
        assertThat(answer.byId().get("8")).isEqualTo(Map.of("name", "", "seen", "2026-11-01 10:05:00.000000"));
        assertThat(answer.byId().get("9")).isEmpty();
        assertThat(answer.byId().get("10")).isEmpty();
        assertThat(redis.exists("g:user:1:{7}")).isTrue();
    }

    @Test
    void readersSeeAllOfOneVersionAndTheOldOneGoesAfterItsGrace() throws Exception {
        load("v1", 1, LongStream.range(0, 3000), TIMES);
        Set<Set<String>> seen = ConcurrentHashMap.newKeySet();
        AtomicBoolean stop = new AtomicBoolean();
        List<String> ids = IntStream.range(0, 3000)
                .filter(i -> i % 60 == 0)
                .mapToObj(Integer::toString)
                .toList();
        Thread reader = new Thread(() -> {
            Attributes attributes = new Attributes(new PipelinedHashes(redis), "user");
            while (!stop.get()) {
                Attributes.Answer answer = attributes.of(ids).orElseThrow();
                seen.add(levels(answer));
            }
        });
        reader.start();
        for (int version = 2; version <= 6; version++) {
            load("v" + version, version, LongStream.range(0, 3000), TIMES);
        }
        stop.set(true);
        reader.join();
        assertThat(seen)
                .hasSizeGreaterThan(1)
                .allSatisfy(levels -> assertThat(levels).hasSize(1));
        assertThat(levels(read("17"))).containsExactly("6");
        assertThat(redis.pttl("g:user:5:{17}"))
                .isBetween(1L, Duration.ofMinutes(13).toMillis());
        assertThat(redis.pttl("g:user:6:{17}")).isEqualTo(-1);

        AttributeTimes noGrace = new AttributeTimes(Duration.ZERO, TIMES.lease(), TIMES.patience());
        load("v7", 7, LongStream.range(0, 10), noGrace);
        assertThat(levels(read("7"))).containsExactly("7");
        assertThat(levels(read("17"))).isEmpty();
        assertThat(redis.keys("g:user:6:*")).isEmpty();
        assertThat(redis.keys("g:{user}:*")).containsExactlyInAnyOrder("g:{user}:current", "g:{user}:last");
    }

    @Test
    void aLoadThatDiedIsNeverReadAndIsRemovedByTheNext() {
        load("v1", 1, LongStream.range(0, 100), TIMES);
        RedisRowWriter died = writer(LEVELS, "v2", TIMES);
        died.open(PART, REFUSED).write(levels(2, LongStream.range(0, 100)));
        assertThat(levels(read("5"))).containsExactly("1");
        assertThat(redis.keys("g:user:2:*")).hasSize(100);

        long begin = System.nanoTime();
        load("v2", 3, LongStream.range(0, 100), TIMES);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
        assertThat(levels(read("5"))).containsExactly("3");
        assertThat(redis.keys("g:user:2:*"))
                .allSatisfy(key -> assertThat(redis.pttl(key)).isPositive());
        assertThatThrownBy(() -> died.open(PART, REFUSED).write(levels(2, LongStream.range(0, 1))))
                .hasMessageContaining("lock g:{user}:lock was lost");
        assertThatThrownBy(died::commit).hasMessageContaining("lock");
        assertThat(levels(read("5"))).containsExactly("3");
    }

    @Test
    void aFailedLoadLeavesNothing() {
        load("v1", 1, LongStream.range(0, 100), TIMES);
        try (RedisRowWriter writer = writer(LEVELS, "v2", TIMES);
                RowWriter.Part part = writer.open(PART, REFUSED)) {
            part.write(levels(2, LongStream.range(0, 100)));
            assertThatThrownBy(() -> part.write(levels(2, LongStream.of(200, 99))))
                    .hasMessageContaining("user_id '99' is there twice (the second in file one)");
        }
        assertThat(redis.keys("g:user:2:*")).isEmpty();
        assertThat(levels(read("5"))).containsExactly("1");
        load("v3", 3, LongStream.range(0, 2), TIMES);
        assertThat(levels(read("1"))).containsExactly("3");
    }

    @Test
    void twoLoadersOfAPrefixTakeTurns() {
        AttributeTimes impatient = new AttributeTimes(Duration.ZERO, Duration.ofMinutes(1), Duration.ofMillis(100));
        try (RedisRowWriter one = writer(LEVELS, "v1", impatient)) {
            assertThatThrownBy(() -> writer(LEVELS, "v2", impatient))
                    .hasMessageContaining("another export loads the attributes of 'user' now");
            one.commit();
        }
        load("v3", 3, LongStream.range(0, 2), impatient);
        assertThat(read("0").version().number()).isEqualTo(2);
    }

    @Test
    void nobodyHasNoName() {
        try (RedisRowWriter writer = writer(LEVELS, "v1", TIMES)) {
            VectorizedRowBatch batch = levels(1, LongStream.range(0, 3));
            batch.cols[0].noNulls = false;
            batch.cols[0].isNull[2] = true;
            assertThatThrownBy(() -> writer.open(PART, REFUSED).write(batch))
                    .hasMessageContaining("file one, behind row 2: user_id is NULL");
        }
        assertThat(new Attributes(new PipelinedHashes(redis), "user").current()).isEmpty();
    }

    private static Attributes.Answer read(String... ids) {
        return new Attributes(new PipelinedHashes(redis), "user")
                .of(List.of(ids))
                .orElseThrow();
    }

    private static Set<String> levels(Attributes.Answer answer) {
        Map<String, String> levels = new HashMap<>();
        answer.byId().values().forEach(a -> a.forEach((name, level) -> levels.put(level, name)));
        return levels.keySet();
    }

    private static void load(String label, long level, LongStream ids, AttributeTimes times) {
        try (RedisRowWriter writer = writer(LEVELS, label, times);
                RowWriter.Part part = writer.open(PART, REFUSED)) {
            part.write(levels(level, ids));
            part.finish();
            writer.commit();
        }
    }

    private static RedisRowWriter writer(TypeDescription schema, String label, AttributeTimes times) {
        return new RedisRowWriter(server.client(), "user", "user_id", schema, label, 1000, times, Clock.systemUTC());
    }

    private static VectorizedRowBatch levels(long level, LongStream ids) {
        List<Long> all = new ArrayList<>(ids.boxed().toList());
        VectorizedRowBatch batch = RowBatches.of(LEVELS, Math.max(1, all.size()));
        for (long id : all) {
            ((LongColumnVector) batch.cols[0]).vector[batch.size] = id;
            ((LongColumnVector) batch.cols[1]).vector[batch.size++] = level;
        }
        return batch;
    }

    private static void user(
            VectorizedRowBatch batch, long id, String name, String spent, LocalDate born, String seen, Boolean vip) {
        int at = batch.size++;
        ((LongColumnVector) batch.cols[0]).vector[at] = id;
        Object[] values = {id, name, spent, born, seen, vip};
        for (int i = 0; i < values.length; i++) {
            batch.cols[i].isNull[at] = values[i] == null;
            batch.cols[i].noNulls &= values[i] != null;
        }
        if (name != null) {
            ((BytesColumnVector) batch.cols[1]).setVal(at, name.getBytes(StandardCharsets.UTF_8));
        }
        if (spent != null) {
            ((DecimalColumnVector) batch.cols[2]).set(at, HiveDecimal.create(new BigDecimal(spent)));
        }
        if (born != null) {
            ((LongColumnVector) batch.cols[3]).vector[at] = born.toEpochDay();
        }
        if (seen != null) {
            java.time.Instant instant = java.time.Instant.parse(seen);
            TimestampColumnVector times = (TimestampColumnVector) batch.cols[4];
            times.time[at] = instant.toEpochMilli();
            times.nanos[at] = instant.getNano();
        }
        if (vip != null) {
            ((LongColumnVector) batch.cols[5]).vector[at] = vip ? 1 : 0;
        }
    }

    @Test
    void keysOfOthersStay() {
        redis.set("g:users:1:{1}", "x");
        redis.set("g:epoch:traffic.access_log", "x");
        redis.set("g:{user}:last", "7");
        redis.set(RedisKeys.attributes("user", 6, "1"), "an orphan of nobody");
        redis.set(RedisKeys.attributes("user", 9, "1"), "of a load that begins later");
        load("v1", 1, LongStream.range(0, 2), TIMES);
        assertThat(redis.keys("*"))
                .containsExactlyInAnyOrder(
                        "g:users:1:{1}",
                        "g:epoch:traffic.access_log",
                        "g:user:8:{0}",
                        "g:user:8:{1}",
                        "g:user:9:{1}",
                        "g:{user}:current",
                        "g:{user}:last");
    }
}
