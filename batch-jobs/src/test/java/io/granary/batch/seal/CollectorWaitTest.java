package io.granary.batch.seal;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.batch.seal.CollectionState.Host;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CollectorWaitTest {
    private static final Instant START = Instant.parse("2026-11-01T10:00:00Z");

    private final CollectorWait wait = new CollectorWait(Duration.ofMillis(200), Duration.ofMillis(5), START);
    private final List<String> notices = new ArrayList<>();

    @Test
    void aTopicThatIsNotThereWasNeverWritten() {
        assertThat(await(new Offsets(Optional.empty(), Map.of()), CollectionState.EMPTY, Set.of())
                        .missing())
                .isEmpty();
    }

    @Test
    void waitsUntilAllIsLandedAndEveryHostHasReported() {
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
        AtomicInteger heard = new AtomicInteger();

        CollectorWait.Outcome outcome = wait.await(
                "t.s",
                progress,
                hosts(host("web-1", START.minusSeconds(9), false)),
                state -> heard.incrementAndGet() < 5 ? state : hosts(host("web-1", START, false)),
                new SourceSeal.Expected(Set.of(), Duration.ofHours(2)),
                notices::add);

        assertThat(outcome.missing()).isEmpty();
        assertThat(heard.get()).isEqualTo(5);
        assertThat(looks.get()).isGreaterThanOrEqualTo(3);
    }

    @Test
    void whatIsMissingAtTheEndIsNamed() {
        CollectorWait.Outcome outcome = await(
                new Offsets(Optional.of(Map.of(0, 10L, 3, 7L)), Map.of(0, 10L, 3, 2L)),
                hosts(
                        host("web-1", START.minusSeconds(60), false),
                        host("web-2", START.minusSeconds(60), true),
                        host("web-9", START.minusSeconds(60), false)),
                Set.of("web-1", "web-2", "web-3"));

        assertThat(outcome.missing())
                .hasSize(3)
                .contains("host web-1 is silent since 2026-11-01T09:59:00Z", "host web-3 has never reported")
                .anyMatch(m -> m.contains("5 records behind (by Kafka partition: {3=5})"));
        assertThat(outcome.silent()).isEmpty();
    }

    @Test
    void nobodyWaitsForAHostThatIsSilentForLongerThanTheDeadline() {
        CollectorWait.Outcome outcome =
                await(null, hosts(host("web-1", START.minus(Duration.ofHours(3)), false)), Set.of());

        assertThat(outcome.missing()).isEmpty();
        assertThat(outcome.silent()).containsExactly("host web-1 is silent since 2026-11-01T07:00:00Z");
    }

    private CollectorWait.Outcome await(CollectorProgress progress, CollectionState state, Set<String> hosts) {
        return wait.await(
                "t.s", progress, state, s -> s, new SourceSeal.Expected(hosts, Duration.ofHours(2)), notices::add);
    }

    private static Host host(String name, Instant at, boolean stopped) {
        return new Host(name, "1", at, null, 1, at, stopped);
    }

    private static CollectionState hosts(Host... hosts) {
        Map<String, Host> byName = new TreeMap<>();
        for (Host host : hosts) {
            byName.put(host.name(), host);
        }
        return new CollectionState(byName, Map.of(), List.of(), List.of(), Map.of());
    }

    private record Offsets(Optional<Map<Integer, Long>> ends, Map<Integer, Long> landed) implements CollectorProgress {
        @Override
        public void close() {}
    }
}
