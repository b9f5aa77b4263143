package io.granary.streaming.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.streaming.count.BatchReport;
import io.granary.streaming.store.FenceAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueryMetricsTest {
    @Test
    void whatWasToldIsInTheText() {
        StreamMetrics metrics = new StreamMetrics();
        QueryMetrics query = metrics.query("traffic.access_log");
        query.running(true);
        query.counts(List.of("traffic.page_view"));
        query.batch(report(
                1000,
                Map.of("traffic.page_view", Map.of("late", 5L, "future", 0L, "overflow", 2L)),
                Duration.ofMillis(480)));
        query.batch(report(200, Map.of(), Duration.ofMillis(1980)));
        query.redisRetry();
        query.fence(FenceAnswer.REPEATED);
        query.lag(new Lag(7, Duration.ofMillis(1500)));
        query.restarted();

        assertThat(text(metrics).lines())
                .contains(
                        "# TYPE granary_stream_up gauge",
                        "granary_stream_up{query=\"traffic.access_log\"} 1",
                        "granary_stream_records_total{query=\"traffic.access_log\"} 4",
                        "granary_stream_read_bytes_total{query=\"traffic.access_log\"} 200000",
                        "granary_stream_rows_total{query=\"traffic.access_log\"} 1200",
                        "granary_stream_rows_per_second{query=\"traffic.access_log\"} 100",
                        "# TYPE granary_stream_batch_seconds histogram",
                        "granary_stream_batch_seconds_bucket{le=\"0.25\",query=\"traffic.access_log\"} 0",
                        "granary_stream_batch_seconds_bucket{le=\"0.5\",query=\"traffic.access_log\"} 1",
                        "granary_stream_batch_seconds_bucket{le=\"2.5\",query=\"traffic.access_log\"} 2",
                        "granary_stream_batch_seconds_bucket{le=\"+Inf\",query=\"traffic.access_log\"} 2",
                        "granary_stream_batch_seconds_sum{query=\"traffic.access_log\"} 2.5",
                        "granary_stream_batch_seconds_count{query=\"traffic.access_log\"} 2",
                        "granary_stream_redis_seconds_sum{query=\"traffic.access_log\"} 0.04",
                        "granary_stream_deltas_total{query=\"traffic.access_log\"} 40",
                        "granary_stream_redis_retries_total{query=\"traffic.access_log\"} 1",
                        "granary_stream_restarts_total{query=\"traffic.access_log\"} 1",
                        "granary_stream_fence_rejections_total{cause=\"repeated\",query=\"traffic.access_log\"} 1",
                        "granary_stream_fence_rejections_total{cause=\"gap\",query=\"traffic.access_log\"} 0",
                        "granary_stream_dropped_total{counter=\"\",query=\"traffic.access_log\",reason=\"poison\"} 2",
                        "granary_stream_dropped_total{counter=\"\",query=\"traffic.access_log\",reason=\"rejected\"} 0",
                        "granary_stream_dropped_total{counter=\"traffic.page_view\",query=\"traffic.access_log\",reason=\"late\"} 5",
                        "granary_stream_dropped_total{counter=\"traffic.page_view\",query=\"traffic.access_log\",reason=\"no_time\"} 0",
                        "granary_stream_dropped_total{counter=\"traffic.page_view\",query=\"traffic.access_log\",reason=\"overflow\"} 2",
                        "granary_stream_dropped_total{counter=\"\",query=\"traffic.access_log\",reason=\"overflow\"} 6",
                        "granary_stream_lag_records{query=\"traffic.access_log\"} 7",
                        "granary_stream_lag_seconds{query=\"traffic.access_log\"} 1.5");
    }

    @Test
    void samplesOfAMetricStandTogether() {
        StreamMetrics metrics = new StreamMetrics();
        metrics.query("b.log").running(true);
        metrics.query("a.log");
        assertThat(text(metrics))
                .contains("# TYPE granary_stream_up gauge\ngranary_stream_up{query=\"a.log\"} 0\n"
                        + "granary_stream_up{query=\"b.log\"} 1\n");
        assertThat(text(metrics).lines().filter(l -> l.startsWith("# TYPE"))).doesNotHaveDuplicates();
    }

    @Test
    void aLagThatIsNotKnownIsNotSaid() {
        StreamMetrics metrics = new StreamMetrics();
        metrics.query("a.log");
        assertThat(text(metrics)).doesNotContain("lag");
        metrics.query("a.log").lag(new Lag(3, null));
        assertThat(text(metrics)).contains("lag_records").doesNotContain("lag_seconds");
    }

    private static BatchReport report(long lines, Map<String, Map<String, Long>> uncounted, Duration counting) {
        return new BatchReport(
                "traffic.access_log",
                1,
                2,
                100_000,
                lines,
                0,
                0,
                1,
                List.of(),
                uncounted,
                3,
                20,
                false,
                counting,
                Duration.ZERO,
                Duration.ofMillis(20));
    }

    private static String text(StreamMetrics metrics) {
        PrometheusText text = new PrometheusText();
        metrics.queries().forEach(query -> query.write(text));
        return text.toString();
    }
}
