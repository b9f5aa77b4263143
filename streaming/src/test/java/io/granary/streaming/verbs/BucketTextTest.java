package io.granary.streaming.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.error.GranaryException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class BucketTextTest {
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-21T20:07:30Z"), ZoneOffset.UTC);

    @Test
    void aTimeMeansTheWindowThatHoldsIt() {
        assertThat(at("2026-11-01T10:07:59", "5m")).isEqualTo(Instant.parse("2026-11-01T02:05:00Z"));
        assertThat(at("2026-11-01 10:07", "1h")).isEqualTo(Instant.parse("2026-11-01T02:00:00Z"));
        assertThat(at("2026-11-01T10:07:59Z", "1m")).isEqualTo(Instant.parse("2026-11-01T10:07:00Z"));
        assertThat(at("2026-11-01", "1d")).isEqualTo(Instant.parse("2026-10-31T16:00:00Z"));
        assertThat(at(null, "1d")).isEqualTo(Instant.parse("2026-11-21T16:00:00Z"));
        assertThat(at(null, "total")).isEqualTo(Instant.EPOCH);
    }

    @Test
    void whatIsNoTimeIsSaidSo() {
        assertThatThrownBy(() -> at("noon", "1m"))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("'noon'")
                .hasMessageContaining("Asia/Shanghai");
        assertThatThrownBy(() -> at("2026-11-01", "total")).hasMessageContaining("leave --bucket out");
    }

    private static Instant at(String text, String window) {
        return Instant.ofEpochSecond(BucketText.parse(text, window, SHANGHAI, CLOCK));
    }
}
