package io.granary.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.run.RunResults.Timing;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class PhasesTest {
    private static final Instant START = Instant.parse("2026-11-21T20:00:00Z");

    /** Each look at it takes a second. */
    private static final class SlowClock extends Clock {
        private Instant now = START;

        @Override
        public Instant instant() {
            Instant shown = now;
            now = now.plusSeconds(1);
            return shown;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @Test
    void partsFollowEachOtherAndOneThatFailsCountsToo() {
        Phases phases = new Phases(new SlowClock());

        assertThat(phases.take("stage", () -> 7)).isEqualTo(7);
        assertThatThrownBy(() -> phases.take("execute", () -> {
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(phases.taken())
                .containsExactly(
                        new Timing("stage", START, START.plusSeconds(1)),
                        new Timing("execute", START.plusSeconds(2), START.plusSeconds(3)));
    }
}
