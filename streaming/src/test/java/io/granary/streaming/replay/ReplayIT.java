package io.granary.streaming.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.streaming.KafkaFixture;
import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.streaming.store.RedisFixture;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.redis.RedisKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

class ReplayIT {
    private static final String VIEWS = "traffic.page_view";

    @TempDir
    static Path shared;

    private static KafkaFixture kafka;
    private static RedisFixture redis;

    @TempDir
    private Path folder;

    /** All of them in the long run. */
    private static final Set<RebuildStep> STEPS = Boolean.getBoolean("granary.faults.rebuild")
            ? EnumSet.allOf(RebuildStep.class)
            : EnumSet.of(RebuildStep.COUNTED, RebuildStep.APPLIED);

    private ReplayScene scene;
    private final AccessLog a = AccessLog.of("a", 200);
    private final AccessLog b = AccessLog.of("b", 200);

    /** A process that dies. */
    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @BeforeAll
    static void open() throws Exception {
        kafka = new KafkaFixture(shared);
        redis = new RedisFixture();
    }

    @AfterAll
    static void close() throws Exception {
        redis.close();
        kafka.close();
    }

    @BeforeEach
    void begin(TestInfo test) throws Exception {
        scene = new ReplayScene(
                kafka, redis, folder, test.getTestMethod().orElseThrow().getName());
    }

    @AfterEach
    void end() {
        scene.close();
    }

    /** Sealed lines come out of ODS, the others out of Kafka, and a part that is in both comes once. */
    @Test
    void aRedisThatIsEmptyIsRebuiltWhileTheJobRuns() throws Exception {
        scene.send(a.chunk(0, 60), b.chunk(0, 30));
        StreamingQuery job = scene.start();
        scene.await(job);
        scene.send(a.chunk(60, 100));
        scene.await(job);
        scene.seal(a.chunk(0, 80));
        scene.deleteFirst("a", 1);
        Map<String, Long> before = counted(VIEWS, 100, 30);
        assertThat(scene.numbers()).isEqualTo(before);

        redis.redis.flushAll();
        scene.await(job);
        assertThat(scene.numbers()).isEqualTo(before);
        assertThat(redis.redis.hgetAll(RedisKeys.asOf(ReplayScene.QUERY)))
                .containsEntry("state", "ok")
                .containsEntry("generation", "2")
                .doesNotContainKey("missing");
        scene.send(a.chunk(90, 150), b.chunk(30, 40));
        scene.await(job);
        assertThat(scene.numbers()).isEqualTo(counted(VIEWS, 150, 40));
    }

    /** The checkpoint keeps the deltas of three batches. */
    @Test
    void aDumpThatIsThreeBatchesOldIsMendedFromTheStoredDeltas() throws Exception {
        goBack(3);
        assertThat(scene.checkpoint.epoch().generation())
                .as("nothing is rebuilt")
                .isEqualTo(1);
        assertThat(redis.redis.hgetAll(RedisKeys.asOf(ReplayScene.QUERY)))
                .containsEntry("state", "ok")
                .containsEntry("generation", "1");
    }

    @Test
    void aDumpThatIsFiveBatchesOldIsRebuilt() throws Exception {
        goBack(5);
        assertThat(scene.checkpoint.epoch().generation()).as("it is rebuilt").isEqualTo(2);
        assertThat(redis.redis.hgetAll(RedisKeys.asOf(ReplayScene.QUERY)))
                .containsEntry("state", "ok")
                .containsEntry("generation", "2")
                .doesNotContainKey("missing");
    }

    /** Redis loads a dump from before the last batches, and the next start finds it. */
    private void goBack(int batches) throws Exception {
        scene.send(a.chunk(0, 60));
        scene.count();
        Map<byte[], byte[]> older = redis.dumps();
        long before = scene.asOf().batch();
        StreamingQuery job = scene.start();
        for (int i = 0; i < batches; i++) {
            scene.send(a.chunk(60 + 20 * i, 80 + 20 * i));
            scene.await(job);
        }
        job.stop();
        assertThat(scene.asOf().batch()).isEqualTo(before + batches);
        Map<String, Long> truth = counted(VIEWS, 60 + 20 * batches, 0);
        assertThat(scene.numbers()).isEqualTo(truth);

        redis.restore(older);
        scene.count();
        assertThat(scene.numbers()).isEqualTo(truth);
    }

    @Test
    void whatIsNowhereIsToldByARebuild() throws Exception {
        scene.send(a.chunk(0, 60), a.chunk(60, 120));
        scene.count();
        // lines 0 to 60 were never sealed and Kafka has deleted them
        redis.redis.flushAll();
        scene.deleteFirst("a", 1);
        scene.count();
        Map<String, Long> rest = AccessLog.numbers();
        AccessLog.count(VIEWS, 60, 120, Instant.EPOCH, rest);
        assertThat(scene.numbers()).isEqualTo(rest);
        assertThat(redis.redis.hget(RedisKeys.asOf(ReplayScene.QUERY), "missing"))
                .startsWith(a.chunk(0, 60).body().length + " bytes of 1 files are in neither")
                .contains("of file a of h1, whose last line came at 20");
    }

    /** By Kafka's retention, between the question what there is and the reading of it. */
    @Test
    void recordsThatAreDeletedWhileTheyAreReadAreLeftOut() throws Exception {
        scene.send(a.chunk(0, 60));
        scene.send(a.chunk(60, 100));
        AtomicInteger readings = new AtomicInteger();
        assertThat(scene.past().before(scene.sent(), records -> {
                    if (readings.incrementAndGet() == 1) {
                        deleteFirst();
                    }
                    return records.collectAsList().size();
                }))
                .contains(1);
        assertThat(readings).hasValue(2);
    }

    private void deleteFirst() {
        try {
            scene.deleteFirst("a", 1);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aRebuildThatDiesAnywhereIsFinishedByTheNextStart() throws Exception {
        scene.send(a.chunk(0, 60), b.chunk(0, 90));
        scene.count();
        scene.send(a.chunk(60, 100));
        scene.count();
        scene.seal(b.chunk(0, 50));
        for (RebuildStep step : STEPS) {
            redis.redis.flushAll();
            assertThatThrownBy(() -> scene.rebuild(done -> {
                        if (done == step) {
                            throw new Crash();
                        }
                    }))
                    .isInstanceOf(Crash.class);
            if (step != RebuildStep.STATE_OK) {
                assertThat(scene.asOf().state()).isEqualTo("rebuilding");
            }
            scene.rebuild(RebuildStep.Observer.NONE);
            assertThat(scene.numbers()).as("after %s", step).isEqualTo(counted(VIEWS, 100, 90));
            assertThat(scene.asOf().state()).isEqualTo("ok");
        }
        scene.send(a.chunk(100, 120));
        scene.count();
        assertThat(scene.numbers()).isEqualTo(counted(VIEWS, 120, 90));
    }

    @Test
    void aNewCounterCountsFromNowAndAlsoAfterARebuild() throws Exception {
        scene.send(a.chunk(0, 60));
        scene.count();
        scene.define(scene.counter(), named("fresh"));
        scene.send(a.chunk(50, 100), b.chunk(0, 20));
        scene.count();
        Map<String, Long> expected = counted(VIEWS, 100, 20);
        AccessLog.count("traffic.fresh", 60, 100, Instant.EPOCH, expected);
        AccessLog.count("traffic.fresh", 0, 20, Instant.EPOCH, expected);
        assertThat(scene.numbers()).isEqualTo(expected);

        scene.seal(a.chunk(0, 70));
        redis.redis.flushAll();
        scene.count();
        assertThat(scene.numbers()).isEqualTo(expected);

        scene.define(named("fresh"));
        scene.count();
        expected.keySet().removeIf(key -> key.contains(VIEWS));
        assertThat(scene.numbers()).isEqualTo(expected);
        assertThat(redis.redis.keys("g:{*}:*:" + VIEWS + ":*")).isEmpty();
    }

    /** Sealed lines that the stream never saw are counted, those that are sealed but not streamed yet are not. */
    @Test
    void aCounterThatIsAskedForCountsFromATimeOn() throws Exception {
        Instant from = AccessLog.at(40).minusSeconds(1);
        scene.seal(b.chunk(0, 60));
        scene.send(a.chunk(0, 60));
        scene.count();
        scene.seal(a.chunk(0, 80));
        scene.send(a.chunk(60, 100));
        scene.define(scene.counter(), named("asked"));
        CountRequest.leave(scene.checkpoint, "traffic.asked", from);
        scene.count();
        Map<String, Long> expected = counted(VIEWS, 100, 0);
        AccessLog.count("traffic.asked", 0, 100, from, expected);
        AccessLog.count("traffic.asked", 0, 60, from, expected);
        assertThat(scene.numbers()).isEqualTo(expected);
        assertThat(scene.checkpoint.names(CountRequest.FOLDER)).isEmpty();

        redis.redis.flushAll();
        scene.send(a.chunk(100, 120));
        scene.count();
        AccessLog.count(VIEWS, 100, 120, Instant.EPOCH, expected);
        AccessLog.count("traffic.asked", 100, 120, from, expected);
        assertThat(scene.numbers()).isEqualTo(expected);
    }

    @Test
    void aChangeOfMeaningStopsTheStartUntilSomebodyDecides() throws Exception {
        scene.send(a.chunk(0, 60));
        scene.count();
        ZonedCounter longer = with(scene.counter(), "page_view", "is_page_view", Duration.ofDays(30_000));
        scene.define(longer);
        scene.count();
        assertThat(scene.numbers()).isEqualTo(counted(VIEWS, 60, 0));

        scene.define(with(scene.counter(), "page_view", "NOT is_page_view", Duration.ofDays(30_000)));
        assertThatThrownBy(() -> scene.start())
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("counter traffic.page_view (subjects/traffic/counters/page_view.yaml)")
                .hasMessageContaining("where was 'is_page_view' and is 'NOT is_page_view'")
                .hasMessageContaining("granary counters count traffic.page_view --from ");
        assertThat(scene.numbers()).isEqualTo(counted(VIEWS, 60, 0));

        CountRequest.leave(scene.checkpoint, VIEWS, null);
        scene.count();
        assertThat(scene.numbers()).isEmpty();
        scene.define(scene.counter());
        CountRequest.leave(scene.checkpoint, VIEWS, AccessLog.FIRST);
        scene.count();
        assertThat(scene.numbers()).isEqualTo(counted(VIEWS, 60, 0));
    }

    private static Map<String, Long> counted(String counter, int ofA, int ofB) {
        Map<String, Long> numbers = new TreeMap<>();
        AccessLog.count(counter, 0, ofA, Instant.EPOCH, numbers);
        AccessLog.count(counter, 0, ofB, Instant.EPOCH, numbers);
        return numbers;
    }

    private ZonedCounter named(String name) {
        return with(scene.counter(), name, "is_page_view", Duration.ofDays(30_000));
    }

    private static ZonedCounter with(ZonedCounter counter, String name, String where, Duration ttl) {
        CounterNode node = counter.node();
        Map<String, Duration> ttls = Map.of("1m", ttl, "1d", ttl);
        return new ZonedCounter(
                new CounterNode(
                        "counter.traffic." + name,
                        "traffic",
                        name,
                        node.description(),
                        node.from(),
                        node.time(),
                        where,
                        node.by(),
                        node.windows(),
                        node.measures(),
                        ttls,
                        null,
                        0,
                        List.of()),
                counter.zone());
    }
}
