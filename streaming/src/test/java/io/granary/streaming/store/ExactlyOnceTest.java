package io.granary.streaming.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.streaming.count.BatchStep;
import io.granary.warehouse.redis.RedisKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever happens between two slices: the counters are those of a plain program. */
class ExactlyOnceTest extends CounterStoreScene {
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
}
