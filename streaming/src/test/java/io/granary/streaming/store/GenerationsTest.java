package io.granary.streaming.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.streaming.count.BatchStep;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.redis.RedisKeys;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A Redis that has lost counters, or has those of another, is noticed; the next generation counts them anew. */
class GenerationsTest extends CounterStoreScene {
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

    /** A replay that fails, or a fail-over behind it: what the stream has stored is not what is missing. */
    @Test
    void aGenerationWithoutWhatWasCountedBeforeIsNotMendedFromStoredDeltas() {
        CounterStore store = started(1);
        Slices one = Slices.of(new RandomDeltas(new Random(8), 30, 0).batch(5), 20);
        for (int batch = 0; batch < 3; batch++) {
            store(marks);
            store.apply(batch, one, BatchStep.Observer.NONE);
            store.completed(marks);
        }
        store.claimNext(1);

        assertThatThrownBy(store::check)
                .isInstanceOfSatisfying(
                        Lost.class, lost -> assertThat(lost.intact()).hasValue(1));
        assertThat(store.rebuilt()).isEqualTo(2);
        store.apply(2, one, BatchStep.Observer.NONE);
        store.state(CounterStore.State.OK);
        CounterStore restarted = started(1);
        restarted.check();
        assertThat(restarted.rebuilt()).isEqualTo(2);

        // a replica takes over that has the claim and not what came behind it
        String fence = RedisKeys.fence(5, QUERY);
        fixture.redis.hset(fence, Map.of("batch", "1", "slice", "0", "slices", "1"));
        assertThatThrownBy(() -> started(1))
                .isInstanceOfSatisfying(
                        Lost.class, lost -> assertThat(lost.intact()).hasValue(1));
    }

    @Test
    void aGenerationThatWasOvertakenRemovesNothing() {
        CounterStore old = started(1);
        Slices one = Slices.of(new RandomDeltas(new Random(9), 30, 0).batch(5), 20);
        store(marks);
        old.apply(0, one, BatchStep.Observer.NONE);
        rebuild(started(1), one);
        Map<String, String> counted = Counted.of(fixture.redis);

        assertThatThrownBy(() -> old.wipe(COUNTERS))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("another process has rebuilt");
        assertThat(Counted.of(fixture.redis)).isEqualTo(counted).isNotEmpty();
    }

    @Test
    void aCorrectionDoesNotEndTheStateOfARebuild() {
        CounterStore store = started(1);
        Correction correction =
                Correction.begin(QUERY, fixture.nodes, new RedisRetry(Duration.ZERO), Clock.systemUTC());
        store.state(CounterStore.State.REBUILDING);
        assertThatThrownBy(correction::announce)
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("are being computed anew; nothing was changed");
        correction.settle(Clock.systemUTC());
        assertThat(fixture.redis.hget(RedisKeys.asOf(QUERY), "state")).isEqualTo("rebuilding");

        store.state(CounterStore.State.OK);
        correction.announce();
        assertThat(fixture.redis.hget(RedisKeys.asOf(QUERY), "state")).isEqualTo("rebuilding");
        // one that has died does not stop the next
        Correction.begin(QUERY, fixture.nodes, new RedisRetry(Duration.ZERO), Clock.systemUTC())
                .announce();
    }
}
