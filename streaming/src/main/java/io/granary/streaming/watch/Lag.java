package io.granary.streaming.watch;

import java.time.Duration;
import java.util.Map;

/**
 * How far a query is behind its topic's end.
 *
 * @param records that Redis does not hold yet; -1 when not known
 * @param age of the oldest of them, by its Kafka timestamp; zero when there is none, null when not known
 */
public record Lag(long records, Duration age) {
    public static final Lag UNKNOWN = new Lag(-1, null);

    public boolean isKnown() {
        return records >= 0;
    }

    /** Nothing at all while it is not known: a missing value says more than a wrong one. */
    void write(Map<String, String> query, PrometheusText text) {
        if (records >= 0) {
            text.gauge(
                    "granary_stream_lag_records", "Records of the topic that Redis does not hold yet.", query, records);
        }
        if (age != null) {
            text.gauge(
                    "granary_stream_lag_seconds",
                    "Age of the oldest record that Redis does not hold yet; 0 when there is none.",
                    query,
                    age.toMillis() / 1e3);
        }
    }
}
