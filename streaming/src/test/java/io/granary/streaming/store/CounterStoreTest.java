package io.granary.streaming.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.streaming.checkpoint.Marks;
import io.granary.streaming.count.BatchStep;
import io.granary.warehouse.config.RedisAddress;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.redis.RedisKeys;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CounterStoreTest extends CounterStoreScene {
    private static final String KEY = RedisKeys.values(3, "traffic.page_view", "1m", 60);
    private static final long SOON = Instant.now().getEpochSecond() + 3600;
    private static final List<Delta> ONE = List.of(Delta.add(3, KEY, "shop#page_views", 2, SOON, 0));

    @Test
    void aSliceIsAppliedOnceEvenAfterScriptsWereForgotten() {
        CounterStore store = claimed("a");
        apply(store, 0);
        fixture.redis.scriptFlush(KEY);
        apply(store, 0);
        apply(store, 1);
        apply(store, 0);

        assertThat(fixture.redis.hget(KEY, "shop#page_views")).isEqualTo("4");
        assertThat(fixture.redis.hgetAll(RedisKeys.fence(3, QUERY)))
                .containsEntry("batch", "1")
                .containsEntry("slice", "0")
                .containsEntry("slices", "1");
    }

    @Test
    void setsAndLifetimesAreWrittenWithTheirFence() {
        String set = RedisKeys.members(3, "traffic.page_view", "1m", 60, "visitors", "shop");
        claimed("a")
                .apply(
                        0,
                        Slices.of(
                                List.of(
                                        Delta.member(3, set, "", SOON, 0),
                                        Delta.member(3, set, "x y", SOON, 0),
                                        ONE.get(0)),
                                10),
                        BatchStep.Observer.NONE);

        assertThat(fixture.redis.smembers(set)).containsExactlyInAnyOrder("", "x y");
        assertThat(fixture.redis.ttl(set)).isBetween(3000L, 3600L);
        assertThat(fixture.redis.ttl(KEY)).isBetween(3000L, 3600L);
    }

    @Test
    void aRestartGoesOn() {
        apply(claimed("a"), 0);
        fixture.checkpoint(folder.resolve("a")).write(Marks.NONE.next(Map.of(), Map.of(), Instant.EPOCH), List.of(), 1);
        apply(claimed("a"), 1);

        assertThat(fixture.redis.hget(KEY, "shop#page_views")).isEqualTo("4");
    }

    @Test
    void anotherCheckpointIsRefused() {
        apply(claimed("a"), 0);

        assertThatThrownBy(() -> claimed("b"))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("Redis holds counters of traffic.access_log from another checkpoint");
        fixture.redis.del(RedisKeys.epoch(QUERY));
        assertThatThrownBy(() -> claimed("b"))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("from another checkpoint");
    }

    @Test
    void aJobWhoseEpochIsOverWritesNothingMore() {
        CounterStore old = claimed("a");
        apply(old, 0);
        fixture.redis.flushAll();
        apply(claimed("b"), 0);

        assertThatThrownBy(() -> apply(old, 1)).hasMessageContaining("from another checkpoint");
        assertThat(fixture.redis.hget(KEY, "shop#page_views")).isEqualTo("2");
    }

    @Test
    void aFlushedRedisIsNoticedByARunningJobAndByARestart() {
        CounterStore store = claimed("a");
        apply(store, 0);
        fixture.checkpoint(folder.resolve("a")).write(Marks.NONE.next(Map.of(), Map.of(), Instant.EPOCH), List.of(), 1);
        fixture.redis.flushAll();

        assertThatThrownBy(() -> apply(store, 1))
                .isInstanceOf(Lost.class)
                .hasMessageContaining("Redis no longer holds the counters that traffic.access_log has counted");
        assertThatThrownBy(() -> claimed("a")).hasMessageContaining("Redis no longer holds the counters");
        assertThat(fixture.redis.keys("*")).isEmpty();
    }

    @Test
    void aRedisThatWentBackToAnOlderStateIsNoticed() {
        CounterStore store = claimed("a");
        apply(store, 0);
        Map<String, String> older = fixture.redis.hgetAll(RedisKeys.fence(3, QUERY));
        apply(store, 1);
        fixture.redis.hset(RedisKeys.fence(3, QUERY), older);

        assertThatThrownBy(() -> apply(store, 2))
                .hasMessageContaining("Redis no longer holds the counters")
                .hasMessageContaining("gap after batch 0");
    }

    @Test
    void aRedisThatIsAwayIsWaitedForThenNamed() {
        try (RedisNodes nobody = RedisNodes.open(RedisAddress.parse("redis://127.0.0.1:1"), Duration.ofSeconds(1))) {
            CounterStore store = new CounterStore(
                    QUERY,
                    fixture.checkpoint(folder.resolve("a")),
                    nobody,
                    new RedisRetry(Duration.ofMillis(300)),
                    Clock.systemUTC());
            assertThatThrownBy(() -> store.claim(COUNTERS))
                    .isInstanceOf(GranaryException.class)
                    .hasMessageContaining("Redis cannot be reached for 0 s");
        }
    }

    private CounterStore claimed(String name) {
        checkpoint = fixture.checkpoint(folder.resolve(name));
        return started(CounterStore.IN_FLIGHT);
    }

    private static void apply(CounterStore store, long batch) {
        store.apply(batch, Slices.of(ONE, 10), BatchStep.Observer.NONE);
    }
}
