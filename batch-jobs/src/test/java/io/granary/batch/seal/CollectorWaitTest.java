package io.granary.batch.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.error.GranaryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CollectorWaitTest {
    private static final LandingFile OPEN =
            new LandingFile("/granary/landing/t.s/dt=2026-11-01/hh=10/web1-100.1.avro.tmp", 0, "web1", 100, true);
    private static final LandingFile LATER =
            new LandingFile("/granary/landing/t.s/dt=2026-11-01/hh=10/web1-100.2.avro.tmp", 0, "web1", 100, true);

    private final CollectorWait wait =
            new CollectorWait(Duration.ofMillis(400), Duration.ofMillis(100), Duration.ofMillis(5));
    private final List<String> notices = new ArrayList<>();

    @Test
    void aTopicThatIsNotThereWasNeverWritten() {
        assertThat(wait.await("t.s", new Offsets(Optional.empty(), Map.of()), List::of, notices::add))
                .isEmpty();
    }

    @Test
    void waitsUntilAllIsLandedAndWhatWasOpenIsClosed() {
        AtomicInteger looks = new AtomicInteger();
        CollectorProgress progress = new CollectorProgress() {
            @Override
            public Optional<Map<Integer, Long>> ends() {
                return Optional.of(Map.of(0, 10L, 1, 4L));
            }

            @Override
            public Map<Integer, Long> landed() {
                return looks.incrementAndGet() < 3 ? Map.of(0, 8L) : Map.of(0, 10L, 1, 4L);
            }

            @Override
            public void close() {}
        };
        AtomicInteger lists = new AtomicInteger();

        assertThat(wait.await(
                        "t.s",
                        progress,
                        () -> lists.incrementAndGet() < 3 ? List.of(OPEN) : List.of(LATER),
                        notices::add))
                .contains(List.of());
        assertThat(notices)
                .containsExactly(
                        "t.s: waiting for the collector, 6 records behind",
                        "t.s: waiting until the collector closes " + OPEN.path());
    }

    @Test
    void aLagThatStaysIsNamed() {
        assertThatThrownBy(() -> wait.await(
                        "t.s",
                        new Offsets(Optional.of(Map.of(0, 10L, 3, 7L)), Map.of(0, 10L, 3, 2L)),
                        List::of,
                        notices::add))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("t.s: the collector is 5 records behind")
                .hasMessageContaining("{3=5}");
    }

    @Test
    void aFileThatNobodyClosesThoughNothingComesIsHandedBack() {
        assertThat(wait.await(
                        "t.s",
                        new Offsets(Optional.of(Map.of(0, 1L)), Map.of(0, 1L)),
                        () -> List.of(OPEN),
                        notices::add))
                .contains(List.of(OPEN));
    }

    @Test
    void aFileThatStaysOpenWhileMoreComesIsNamed() {
        AtomicInteger end = new AtomicInteger(10);
        CollectorProgress busy = new CollectorProgress() {
            @Override
            public Optional<Map<Integer, Long>> ends() {
                return Optional.of(Map.of(0, (long) end.getAndIncrement()));
            }

            @Override
            public Map<Integer, Long> landed() {
                return Map.of(0, 1_000_000L);
            }

            @Override
            public void close() {}
        };
        assertThatThrownBy(() -> wait.await("t.s", busy, () -> List.of(OPEN), notices::add))
                .hasMessageContaining("still open")
                .hasMessageContaining(OPEN.path());
    }

    private record Offsets(Optional<Map<Integer, Long>> ends, Map<Integer, Long> landed) implements CollectorProgress {
        @Override
        public void close() {}
    }
}
