package io.granary.batch.run;

import io.granary.warehouse.run.RunResults.Timing;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Says where the time of one model went: parts of its work, one after the other. */
final class Phases {
    private final Clock clock;
    private final List<Timing> taken = new ArrayList<>();

    Phases(Clock clock) {
        this.clock = clock;
    }

    /** Does one part of the work; one that fails is noted too. */
    <T> T take(String name, Supplier<T> work) {
        Instant started = clock.instant();
        try {
            return work.get();
        } finally {
            taken.add(new Timing(name, started, clock.instant()));
        }
    }

    void take(String name, Runnable work) {
        take(name, () -> {
            work.run();
            return null;
        });
    }

    /** So far, in order. */
    List<Timing> taken() {
        return List.copyOf(taken);
    }
}
