package io.granary.tablestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.error.GranaryException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunIdTest {
    private static RunId at(Instant time) {
        return RunId.next(Clock.fixed(time, ZoneOffset.UTC));
    }

    @Test
    void theRunOfALaterMillisecondIsTheGreaterOne() {
        Instant second = Instant.parse("2026-11-21T20:00:00Z");
        List<RunId> ids =
                IntStream.range(0, 1002).mapToObj(i -> at(second.plusMillis(i))).toList();
        assertThat(ids).isSorted().doesNotHaveDuplicates();
        assertThat(ids.get(999).value()).matches("20261121T200000Z-ff[0-9a-f]{4}");
        assertThat(ids.get(999).startedAt()).isEqualTo(second);
        assertThat(ids.get(1000).value()).startsWith("20261121T200001Z-00");
    }

    @Test
    void whatIsNoRunIdIsRefused() {
        assertThatThrownBy(() -> new RunId("20261121T200000Z"))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("20261121T200000Z");
    }
}
