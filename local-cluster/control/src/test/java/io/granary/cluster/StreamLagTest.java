package io.granary.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StreamLagTest {
    @Test
    void aLineAQuery() {
        assertThat(StreamLag.lines("""
                # TYPE granary_stream_up gauge
                granary_stream_up{query="ads.ad_event"} 1
                granary_stream_up{query="mail.log"} 1
                granary_stream_up{query="traffic.access_log"} 0
                granary_stream_lag_records{query="ads.ad_event"} 0
                granary_stream_lag_records{query="traffic.access_log"} 1200
                granary_stream_lag_seconds{query="ads.ad_event"} 0
                granary_stream_lag_seconds{query="traffic.access_log"} 61.25
                granary_stream_rows_total{query="traffic.access_log"} 5
                """))
                .containsExactly(
                        "streaming ads.ad_event: 0 records behind, 0.0 s",
                        "streaming mail.log: lag not known yet",
                        "streaming traffic.access_log: not counting (`granary logs streaming`), 1200 records behind, 61.3 s");
        assertThat(StreamLag.lines("")).isEmpty();
    }
}
