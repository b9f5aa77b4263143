package io.granary.streaming.replay;

import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.checkpoint.Marks;
import io.granary.streaming.count.BatchStep;
import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.store.CounterStore;
import io.granary.streaming.store.CounterStore.State;
import io.granary.streaming.store.Lost;
import io.granary.streaming.store.Slices;
import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps Redis and the checkpoint together: brings what the checkpoint knows of the counters to Redis at the start, and
 * whenever Redis has lost it. Each attempt is a generation of its own and begins from nothing, so it may die anywhere.
 */
public final class Rebuild {
    private static final Logger LOG = LoggerFactory.getLogger(Rebuild.class);

    /** By checkpoint: what a run of a query still does must not meet what the run after it does. */
    private static final Map<String, ReentrantLock> TURNS = new ConcurrentHashMap<>();

    private final StreamQuery query;
    private final Checkpoint checkpoint;
    private final CounterStore store;
    private final Replay replay;
    private final Clock clock;
    private final RebuildStep.Observer observer;
    private final ReentrantLock turn;
    private CounterBook book;

    /** @param book of {@link Definitions#take} */
    public Rebuild(
            StreamQuery query,
            CounterBook book,
            Checkpoint checkpoint,
            CounterStore store,
            Replay replay,
            Clock clock,
            RebuildStep.Observer observer) {
        this.query = query;
        this.book = book;
        this.checkpoint = checkpoint;
        this.store = store;
        this.replay = replay;
        this.clock = clock;
        this.observer = observer;
        this.turn = TURNS.computeIfAbsent(checkpoint.location(), location -> new ReentrantLock());
    }

    /** Claims Redis, finishes what was begun, and does what a change of the definitions asks for. */
    public void start() {
        turn.lock();
        try {
            startInTurn();
        } finally {
            turn.unlock();
        }
    }

    private void startInTurn() {
        run(() -> store.claim(query.counterNames()));
        run(this::finishNewest);
        if (!book.removed().isEmpty()) {
            LOG.info("{} no longer counts {}: their keys are removed", query.name(), book.removed());
            run(() -> store.wipe(book.removed()));
            keep(book.wiped());
        }
        if (!book.toReplay().isEmpty()) {
            run(() -> rebuild(book.toReplay()));
        }
    }

    /** Does a step, and does it again each time that Redis was found to have lost data and was mended. */
    public void run(Runnable step) {
        turn.lock();
        try {
            Lost.mending(step, this::mend);
        } finally {
            turn.unlock();
        }
    }

    /**
     * Looks whether Redis still has all, unless something is being done; for times in which no batch comes.
     *
     * @param isWanted whether the query still runs
     */
    public void look(BooleanSupplier isWanted) {
        if (turn.tryLock()) {
            try {
                if (isWanted.getAsBoolean()) {
                    run(store::check);
                }
            } finally {
                turn.unlock();
            }
        }
    }

    private void mend(Lost lost) {
        long newest = checkpoint.newest();
        long from = lost.intact().orElse(newest) + 1;
        boolean areKept = from > store.rebuilt() && from <= newest;
        for (long batch = from; areKept && batch <= newest; batch++) {
            areKept = checkpoint.hasDeltas(batch);
        }
        if (!areKept) {
            LOG.warn("{} All counters of {} are counted anew.", lost.getMessage(), query.name());
            rebuild(book.names());
            return;
        }
        LOG.warn("{} Batches {} to {} of {} are applied again.", lost.getMessage(), from, newest, query.name());
        for (long batch = from; batch <= newest; batch++) {
            store.apply(batch, checkpoint.slices(batch), BatchStep.Observer.NONE);
        }
        store.completed(marks());
    }

    /** What is stored of the newest batch belongs to the counters as they were: it goes first. */
    private void finishNewest() {
        long newest = checkpoint.newest();
        if (newest >= 0) {
            store.apply(newest, checkpoint.slices(newest), BatchStep.Observer.NONE);
            store.completed(marks());
        }
    }

    private void rebuild(Collection<String> names) {
        if (names.isEmpty()) {
            return;
        }
        Marks marks = marks();
        store.claimNext(marks.batch() - 1);
        observer.done(RebuildStep.ANNOUNCED);
        Map<String, CounterStart> starts = new TreeMap<>(book.counters());
        starts.keySet().retainAll(names);
        Replayed replayed = replay.deltas(starts, marks, clock.instant());
        observer.done(RebuildStep.COUNTED);
        store.wipe(names);
        observer.done(RebuildStep.WIPED);
        store.apply(marks.batch(), Slices.of(replayed.deltas(), Slices.SIZE), BatchStep.Observer.NONE);
        observer.done(RebuildStep.APPLIED);
        store.completed(marks);
        tell(replayed);
        observer.done(RebuildStep.AS_OF_WRITTEN);
        store.state(State.OK);
        observer.done(RebuildStep.STATE_OK);
        keep(book.replayed(names));
        LOG.info("{}: {} counters are whole again up to batch {}", query.name(), starts.size(), marks.batch());
    }

    private void tell(Replayed replayed) {
        replayed.missing()
                .forEach(m -> LOG.error(
                        "{}: {} bytes of file {} of {} are in neither the ODS table nor Kafka, where the file's last"
                                + " line came at {}; they are not counted any more",
                        query.name(),
                        m.bytes(),
                        m.file().file(),
                        m.file().host(),
                        m.since()));
        store.missing(replayed.missing().isEmpty() ? null : Replayed.text(replayed.missing()));
    }

    private Marks marks() {
        return checkpoint.marks(checkpoint.newest()).orElse(Marks.NONE);
    }

    private void keep(CounterBook next) {
        if (!next.equals(book)) {
            checkpoint.keep(CounterBook.FILE, next);
            book = next;
        }
    }
}
