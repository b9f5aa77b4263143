package io.granary.streaming.store;

import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.checkpoint.Marks;
import io.granary.streaming.count.BatchStep;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A Redis and a checkpoint, in which a counter store is started as often as a test wants. */
abstract class CounterStoreScene {
    static final String QUERY = "traffic.access_log";
    static final List<String> COUNTERS = List.of(RandomDeltas.COUNTER);

    static RedisFixture fixture;

    @TempDir
    Path folder;

    Checkpoint checkpoint;
    Marks marks = Marks.NONE;

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

    /** A process that ends in the middle. */
    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** As the job does it: everything up to now as one batch of the next generation. */
    void rebuild(CounterStore store, Slices truth) {
        store.claimNext(-1);
        store.wipe(COUNTERS);
        store.apply(0, truth, BatchStep.Observer.NONE);
        store.state(CounterStore.State.OK);
    }

    void store(Marks before) {
        marks = before.next(Map.of(), Map.of(), Instant.EPOCH);
        checkpoint.write(marks, List.of(), 1);
    }

    CounterStore started(int inFlight) {
        CounterStore store = newStore(inFlight);
        store.claim(COUNTERS);
        return store;
    }

    CounterStore newStore(int inFlight) {
        return new CounterStore(
                QUERY, checkpoint, fixture.nodes, new RedisRetry(Duration.ZERO), Clock.systemUTC(), inFlight);
    }
}
