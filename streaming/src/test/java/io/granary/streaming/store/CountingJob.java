package io.granary.streaming.store;

import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.checkpoint.Marks;
import io.granary.streaming.count.BatchStep;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A job in small: batches of random deltas, and what is to be done when Redis lost some. */
final class CountingJob {
    static final String QUERY = "traffic.access_log";
    static final List<String> COUNTERS = List.of(RandomDeltas.COUNTER);

    private final Checkpoint checkpoint;
    private final RedisNodes nodes;
    private final RedisRetry retry;
    private final RandomDeltas random;
    private final List<List<Delta>> stored = new ArrayList<>();
    private final Counted truth = new Counted();
    private final int kept;
    private CounterStore store;
    private Marks marks = Marks.NONE;
    /** How often only the batches that were missing were applied again, and how often all was counted anew. */
    int mended;

    int rebuilt;

    /** @param kept of how many batches the deltas are kept */
    CountingJob(Checkpoint checkpoint, RedisNodes nodes, RedisRetry retry, long seed, int kept) {
        this.checkpoint = checkpoint;
        this.nodes = nodes;
        this.retry = retry;
        this.random = new RandomDeltas(new Random(seed), 40, 0);
        this.kept = kept;
        start();
    }

    /** As a process that starts: nothing but checkpoint and Redis is known to it. */
    void start() {
        store = new CounterStore(QUERY, checkpoint, nodes, retry, Clock.systemUTC());
        mending(() -> store.claim(COUNTERS));
    }

    /** Counts one batch more. */
    void batch() {
        stored.add(random.batch(20));
        truth.add(stored.get(stored.size() - 1));
        marks = marks.next(Map.of(0, (long) stored.size()), Map.of(), Instant.EPOCH);
        checkpoint.write(marks, List.of(), 1);
        mending(() -> {
            store.apply(marks.batch(), slices(marks.batch()), BatchStep.Observer.NONE);
            store.completed(marks);
        });
    }

    void batches(int count) {
        for (int i = 0; i < count; i++) {
            batch();
        }
    }

    /** Looks whether all is there, as a job does to which nothing comes. */
    void check() {
        mending(() -> store.check());
    }

    private Slices slices(long batch) {
        return Slices.of(stored.get((int) batch), 50);
    }

    private void mending(Runnable step) {
        Lost.mending(step, this::mend);
    }

    private void mend(Lost lost) {
        long newest = marks.batch();
        long from = lost.intact().orElse(-2) + 1;
        if (from > store.rebuilt() && newest - from < kept) {
            for (long batch = from; batch <= newest; batch++) {
                store.apply(batch, slices(batch), BatchStep.Observer.NONE);
            }
            mended++;
        } else {
            store.claimNext(newest - 1);
            store.wipe(COUNTERS);
            store.apply(
                    newest, Slices.of(stored.stream().flatMap(List::stream).toList(), 200), BatchStep.Observer.NONE);
            store.state(CounterStore.State.OK);
            rebuilt++;
        }
        store.completed(marks);
    }

    long newest() {
        return marks.batch();
    }

    Map<String, String> expected() {
        return truth.expected();
    }
}
