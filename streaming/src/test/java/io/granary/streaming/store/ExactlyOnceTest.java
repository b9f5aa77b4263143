package io.granary.streaming.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.checkpoint.Marks;
import io.granary.streaming.count.BatchStep;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.redis.RedisKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever happens between two slices: the counters are those of a plain program. */
class ExactlyOnceTest {
    private static final String QUERY = "traffic.access_log";
    private static final List<String> COUNTERS = List.of(RandomDeltas.COUNTER);

    private static RedisFixture fixture;

    @TempDir
    Path folder;

    private Checkpoint checkpoint;
    private Marks marks = Marks.NONE;

    @BeforeAll
    static void start() throws IOException {
        fixture = new RedisFixture();
    }

    @AfterAll
    static void stop() throws IOException {
        fixture.close();
    }

    @BeforeEach
    void reset() {
        fixture.redis.flushAll();
        checkpoint = fixture.checkpoint(folder);
    }

    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @ParameterizedTest
    @CsvSource({"40, 0, 1000", "40, 0, 13", "40, 1, 13", "400, 3, 50", "400, 100, 1"})
    void everyKindIsCountedOnceBehindACrashAfterEachSlice(int combinations, long limit, int sliceSize) {
        RandomDeltas random = new RandomDeltas(new Random(combinations + limit), combinations, limit);
        Counted expected = new Counted();
        started(1);
        for (int batch = 0; batch < 3; batch++) {
            List<Delta> deltas = random.batch(sliceSize == 1 ? 5 : 60);
            expected.add(deltas);
            store(marks);
            Slices slices = Slices.of(deltas, sliceSize);
            int crashes = 0;
            for (int survived = 1; isCrashed(batch, slices, 1); survived++) {
                crashes = survived;
            }
            assertThat(crashes)
                    .isEqualTo(slices.byShard().stream().mapToInt(List::size).sum());
            started(CounterStore.IN_FLIGHT).apply(batch, slices, BatchStep.Observer.NONE);

            assertThat(Counted.of(fixture.redis)).isEqualTo(expected.expected());
        }
    }

    /** Starts anew, as after a crash, and crashes when one more slice was applied; false when all were. */
    private boolean isCrashed(int batch, Slices slices, int inFlight) {
        List<BatchStep> before = new ArrayList<>();
        CounterStore store = started(inFlight);
        int applied = appliedSlices(batch);
        try {
            store.apply(batch, slices, step -> {
                before.add(step);
                if (before.size() > applied) {
                    throw new Crash();
                }
            });
            return false;
        } catch (Crash e) {
            return true;
        }
    }

    private static int appliedSlices(int batch) {
        int applied = 0;
        for (int shard = 0; shard < RedisKeys.SHARDS; shard++) {
            Map<String, String> fence = fixture.redis.hgetAll(RedisKeys.fence(shard, QUERY));
            applied += Long.parseLong(fence.get("batch")) == batch ? Integer.parseInt(fence.get("slice")) + 1 : 0;
        }
        return applied;
    }

    @Test
    void aBatchAppliedBeforeChangesNothingHoweverOften() {
        RandomDeltas random = new RandomDeltas(new Random(1), 30, 0);
        CounterStore store = started(CounterStore.IN_FLIGHT);
        Slices first = Slices.of(random.batch(30), 20);
        Slices second = Slices.of(random.batch(30), 20);
        store.apply(0, first, BatchStep.Observer.NONE);
        store.apply(1, second, BatchStep.Observer.NONE);
        Map<String, String> before = Counted.of(fixture.redis);

        for (int i = 0; i < 3; i++) {
            store.apply(1, second, BatchStep.Observer.NONE);
            store.apply(0, first, BatchStep.Observer.NONE);
        }

        assertThat(Counted.of(fixture.redis)).isEqualTo(before);
    }

    @Test
    void aCompleteBatchMayComeCutOtherwiseAnUnfinishedOneMayNot() {
        List<Delta> deltas = new RandomDeltas(new Random(7), 1, 0).batch(60);
        CounterStore store = started(1);
        store.apply(0, Slices.of(deltas, 1000), BatchStep.Observer.NONE);
        Map<String, String> before = Counted.of(fixture.redis);
        store.apply(0, Slices.of(deltas, 10), BatchStep.Observer.NONE);

        assertThat(Counted.of(fixture.redis)).isEqualTo(before);
        int[] left = {deltas.get(0).shard() + 1};
        assertThatThrownBy(() -> store.apply(1, Slices.of(deltas, 10), step -> {
                    if (--left[0] == 0) {
                        throw new Crash();
                    }
                }))
                .isInstanceOf(Crash.class);
        for (int size : List.of(7, 1000)) {
            assertThatThrownBy(() -> store.apply(1, Slices.of(deltas, size), BatchStep.Observer.NONE))
                    .isInstanceOfSatisfying(
                            Lost.class, lost -> assertThat(lost.intact()).isEmpty())
                    .hasMessageContaining("slices, now");
        }
    }

    @Test
    void twoWritersOfOneEpochCountOnce() throws InterruptedException, ExecutionException {
        RandomDeltas random = new RandomDeltas(new Random(2), 50, 2);
        Counted expected = new Counted();
        List<Slices> batches = new ArrayList<>();
        for (int batch = 0; batch < 20; batch++) {
            List<Delta> deltas = random.batch(20);
            expected.add(deltas);
            batches.add(Slices.of(deltas, 15));
        }
        ExecutorService two = Executors.newFixedThreadPool(2);
        List<Future<?>> writers = new ArrayList<>();
        for (CounterStore store : List.of(started(1), started(64))) {
            writers.add(two.submit(() -> {
                for (int batch = 0; batch < batches.size(); batch++) {
                    store.apply(batch, batches.get(batch), BatchStep.Observer.NONE);
                }
            }));
        }
        for (Future<?> writer : writers) {
            writer.get();
        }
        two.shutdown();

        assertThat(Counted.of(fixture.redis)).isEqualTo(expected.expected());
    }

    @Test
    void aKeyExpiresAtItsTimeAndATotalNever() {
        long now = java.time.Instant.now().getEpochSecond();
        String soon = RedisKeys.values(0, RandomDeltas.COUNTER, "1h", 3600);
        String over = RedisKeys.values(0, RandomDeltas.COUNTER, "1h", 0);
        String total = RedisKeys.values(0, RandomDeltas.COUNTER, "total", 0);
        CounterStore store = started(1);
        for (int batch = 0; batch < 2; batch++) {
            store.apply(
                    batch,
                    Slices.of(
                            List.of(
                                    Delta.add(0, soon, "a#", 1, now + 1000, 0),
                                    Delta.add(0, over, "a#", 1, now - 1, 0),
                                    Delta.add(0, total, "a#", 1, 0, 0)),
                            10),
                    BatchStep.Observer.NONE);
        }

        assertThat(fixture.redis.ttl(soon)).isBetween(900L, 1000L);
        assertThat(fixture.redis.exists(over)).isFalse();
        assertThat(fixture.redis.ttl(total)).isEqualTo(-1);
        assertThat(fixture.redis.hget(total, "a#")).isEqualTo("2");
    }

    @Test
    void aSumBeyond64BitsIsLeftOutAndSaidWhileTheRestCounts() {
        String key = RedisKeys.values(0, RandomDeltas.COUNTER, "total", 0);
        CounterStore store = started(1);
        for (int batch = 0; batch < 2; batch++) {
            store.apply(
                    batch,
                    Slices.of(
                            List.of(
                                    Delta.add(0, key, "a#", 1, 0, 5),
                                    Delta.add(0, key, "a#spend", Long.MAX_VALUE, 0, 5),
                                    Delta.add(0, key, "b#", 1, 0, 5)),
                            10),
                    BatchStep.Observer.NONE);
        }

        assertThat(store.refusals()).isOne();
        assertThat(fixture.redis.hgetAll(key))
                .isEqualTo(Map.of("a#", "2", "a#spend", "" + Long.MAX_VALUE, "b#", "2", "%keys", "2"));
    }

    @Test
    void aKeyOfAnotherTypeIsALossThatTheNextGenerationMends() {
        String key = RedisKeys.values(0, RandomDeltas.COUNTER, "total", 0);
        CounterStore store = started(1);
        fixture.redis.set(key, "not ours");
        Slices one = Slices.of(List.of(Delta.add(0, key, "a#", 1, 0, 5)), 10);

        assertThatThrownBy(() -> store.apply(0, one, BatchStep.Observer.NONE))
                .isInstanceOfSatisfying(
                        Lost.class, lost -> assertThat(lost.intact()).isEmpty())
                .hasMessageContaining("is of another type");
        rebuild(store, one);

        assertThat(fixture.redis.hget(key, "a#")).isEqualTo("1");
    }

    @Test
    void theNextGenerationTakesOverAndTheOneBeforeIsShutOut() {
        RandomDeltas random = new RandomDeltas(new Random(3), 30, 0);
        CounterStore old = started(1);
        old.apply(0, Slices.of(random.batch(30), 20), BatchStep.Observer.NONE);
        store(marks);
        fixture.redis.set("g:user:1:{2}", "not a counter's");
        CounterStore store = started(1);
        List<Delta> truth = random.batch(10);
        Counted expected = new Counted();
        expected.add(truth);
        rebuild(store, Slices.of(truth, 20));

        assertThat(Counted.of(fixture.redis)).isEqualTo(expected.expected());
        assertThat(fixture.redis.exists("g:user:1:{2}")).isTrue();
        assertThat(fixture.redis.hgetAll(RedisKeys.asOf(QUERY)))
                .containsEntry("state", "ok")
                .containsEntry("generation", "2")
                .containsKey("since");
        assertThatThrownBy(() -> old.apply(1, Slices.of(truth, 20), BatchStep.Observer.NONE))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("another process has rebuilt");
        store.apply(1, Slices.of(truth, 20), BatchStep.Observer.NONE);
        expected.add(truth);
        assertThat(Counted.of(fixture.redis)).isEqualTo(expected.expected());
    }

    @Test
    void aRebuildThatDidNotEndIsDoneAgain() {
        CounterStore store = started(1);
        Slices truth = Slices.of(new RandomDeltas(new Random(4), 30, 0).batch(30), 20);
        store.apply(0, truth, BatchStep.Observer.NONE);
        store(marks);
        store.claimNext(-1);
        store.wipe(COUNTERS);
        int[] left = {3};
        assertThatThrownBy(() -> store.apply(0, truth, step -> {
                    if (--left[0] == 0) {
                        throw new Crash();
                    }
                }))
                .isInstanceOf(Crash.class);

        assertThat(fixture.redis.hget(RedisKeys.asOf(QUERY), "state")).isEqualTo("rebuilding");
        assertThatThrownBy(() -> started(1)).isInstanceOf(Lost.class).hasMessageContaining("was not finished");
        rebuild(newStore(1), truth);
        started(1).apply(0, truth, BatchStep.Observer.NONE);
        assertThat(fixture.redis.hget(RedisKeys.asOf(QUERY), "generation")).isEqualTo("3");
    }

    @Test
    void whatAReplicaDidNotGetIsAppliedAgainFromTheStoredDeltas() {
        RandomDeltas random = new RandomDeltas(new Random(5), 30, 2);
        Counted expected = new Counted();
        List<Slices> batches = new ArrayList<>();
        CounterStore store = started(CounterStore.IN_FLIGHT);
        Map<byte[], byte[]> older = Map.of();
        for (int batch = 0; batch < 5; batch++) {
            if (batch == 2) {
                older = fixture.dumps();
            }
            List<Delta> deltas = random.batch(20);
            expected.add(deltas);
            batches.add(Slices.of(deltas, 20));
            store.apply(batch, batches.get(batch), BatchStep.Observer.NONE);
            store(marks);
            store.completed(marks);
        }
        store.check();
        fixture.restore(older);

        assertThatThrownBy(store::check)
                .isInstanceOfSatisfying(
                        Lost.class, lost -> assertThat(lost.intact()).hasValue(1));
        assertThatThrownBy(() -> started(1))
                .isInstanceOfSatisfying(
                        Lost.class, lost -> assertThat(lost.intact()).hasValue(1));
        for (int batch = 2; batch < 5; batch++) {
            store.apply(batch, batches.get(batch), BatchStep.Observer.NONE);
        }
        assertThat(Counted.of(fixture.redis)).isEqualTo(expected.expected());
        started(1).check();
    }

    @Test
    void aCheckpointThatWentBackIsNoticed() {
        CounterStore store = started(1);
        Slices one = Slices.of(new RandomDeltas(new Random(6), 30, 0).batch(5), 20);
        for (int batch = 0; batch < 3; batch++) {
            store.apply(batch, one, BatchStep.Observer.NONE);
        }
        store(marks);

        assertThatThrownBy(() -> started(1))
                .isInstanceOf(Lost.class)
                .hasMessageContaining("it has batch 2, the checkpoint has 0");
    }

    @Test
    void whatNobodyVouchesForIsGoneWithTheFirstClaim() {
        String key = RedisKeys.values(0, RandomDeltas.COUNTER, "total", 0);
        fixture.redis.hset(key, "a#", "5");
        fixture.redis.hset(RedisKeys.values(0, "other.counter", "total", 0), "a#", "5");
        started(1);

        assertThat(Counted.of(fixture.redis)).containsOnlyKeys(RedisKeys.values(0, "other.counter", "total", 0));
    }

    @Test
    void aRedisThatEvictsIsRefused() {
        fixture.redis.configSet("maxmemory-policy", "volatile-lru");
        try {
            assertThatThrownBy(() -> started(1))
                    .isInstanceOf(GranaryException.class)
                    .hasMessageContaining("has maxmemory-policy volatile-lru")
                    .hasMessageContaining("noeviction");
        } finally {
            fixture.redis.configSet("maxmemory-policy", "noeviction");
        }
    }

    /** As the job does it: everything up to now as one batch of the next generation. */
    private void rebuild(CounterStore store, Slices truth) {
        store.claimNext(-1);
        store.wipe(COUNTERS);
        store.apply(0, truth, BatchStep.Observer.NONE);
        store.state(CounterStore.State.OK);
    }

    private void store(Marks before) {
        marks = before.next(Map.of(), Map.of(), Instant.EPOCH);
        checkpoint.writeMarks(marks);
    }

    private CounterStore started(int inFlight) {
        CounterStore store = newStore(inFlight);
        store.claim(COUNTERS);
        return store;
    }

    private CounterStore newStore(int inFlight) {
        return new CounterStore(
                QUERY, checkpoint, fixture.nodes, new RedisRetry(Duration.ZERO), Clock.systemUTC(), inFlight);
    }
}
