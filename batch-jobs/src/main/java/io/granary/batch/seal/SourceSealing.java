package io.granary.batch.seal;

import io.granary.batch.seal.CollectionState.Hour;
import io.granary.batch.seal.CollectionState.State;
import io.granary.tablestore.RunId;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableStore;
import io.granary.warehouse.manifest.SourceNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Seals one source as a person asks for it: waits for the agents, seals, and says what is missing.
 *
 * @param confirm throws when this seal is no longer alone
 * @param notice takes progress messages
 */
record SourceSealing(
        SourceNode source,
        Landing landing,
        TableStore store,
        SqlSession sql,
        Clock clock,
        SourceSeal.Expected expected,
        Runnable confirm,
        Consumer<String> notice) {
    private static final Duration AGAIN = Duration.ofSeconds(1);

    /**
     * What came of it.
     *
     * @param missing what did not come in time; empty: all is there
     * @param warnings what is closed with something missing, and hosts that nobody waits for
     */
    record Result(SealOutcome outcome, List<String> missing, List<String> warnings) {}

    /** Seals what is there, without asking whether that is all. */
    Result now() {
        CollectionState before = landing.seals().history().collection();
        SourceSeal.Pass pass = seal().run(heartbeats().read(before, clock.instant()));
        return new Result(pass.outcome(), List.of(), warnings(pass.state(), before));
    }

    /**
     * Waits until all that was read until now is there, and seals it.
     *
     * @param progress of Kafka; null: not asked
     */
    Result wait(CollectorProgress progress, Duration limit) {
        long began = System.nanoTime();
        Instant start = clock.instant();
        CollectionState before = landing.seals().history().collection();
        CollectorWait.Outcome waited = CollectorWait.of(limit, start)
                .await(
                        source.qualifiedName(),
                        progress,
                        before,
                        state -> heartbeats().read(state, clock.instant()),
                        expected,
                        notice);
        SourceSeal.Pass pass = seal().run(waited.heard());
        SealOutcome outcome = pass.outcome();
        while (waited.missing().isEmpty()
                && !pass.state().claims().isEmpty()
                && System.nanoTime() - began < limit.toNanos()) {
            Pause.of(AGAIN);
            pass = seal().run(pass.state());
            outcome = outcome.and(pass.outcome());
        }
        List<String> missing = new ArrayList<>(waited.missing());
        pass.state().hours().forEach((hour, state) -> missing.addAll(unmet(hour, state)));
        List<String> warnings = new ArrayList<>(waited.silent());
        warnings.addAll(warnings(pass.state(), before));
        return new Result(outcome, missing.stream().distinct().toList(), warnings);
    }

    /** Tries quarantined lines again. */
    SealOutcome replay(List<String> days) {
        SealOutcome outcome = seal().finish();
        SealHistory history = landing.seals().history();
        SealRecord record = Replay.plan(source, RunId.next(clock), history, days, clock.instant());
        landing.seals().write(record);
        return outcome.and(seal().replay(record));
    }

    private SourceSeal seal() {
        return new SourceSeal(source, landing, store, sql, clock, expected, step -> confirm.run());
    }

    private Heartbeats heartbeats() {
        return new Heartbeats(landing, source.qualifiedName());
    }

    /** Of an open hour, what agents say they read and is not there. */
    private static List<String> unmet(CollectedHour hour, Hour state) {
        return state.state() == State.OPEN
                ? state.missing().stream().filter(m -> m.contains(", file ")).toList()
                : List.of();
    }

    private List<String> warnings(CollectionState state, CollectionState before) {
        List<String> warnings = new ArrayList<>();
        for (Map.Entry<CollectedHour, Hour> hour : state.hours().entrySet()) {
            Hour was = before.hours().get(hour.getKey());
            boolean isNew = was == null || was.state() != State.INCOMPLETE;
            if (hour.getValue().state() == State.INCOMPLETE && isNew) {
                warnings.add("hour " + hour.getKey() + " UTC is closed, but not complete: "
                        + String.join("; ", hour.getValue().missing()));
            }
        }
        return warnings;
    }
}
