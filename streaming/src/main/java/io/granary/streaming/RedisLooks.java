package io.granary.streaming;

import io.granary.streaming.replay.Rebuild;
import java.time.Duration;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out within seconds that Redis has lost its counters, also when no batch comes. */
record RedisLooks(StreamingQuery query, Rebuild rebuild) {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLooks.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    /** Looks until the query ends. */
    void begin() {
        Thread thread = new Thread(this::run, "redis-looks-" + query.name());
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (query.isActive()) {
            try {
                Thread.sleep(PAUSE.toMillis());
                rebuild.look(query::isActive);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                // what does not pass ends the next batch, which says so
                LOG.warn("cannot look whether Redis holds the counters of {}: {}", query.name(), e.getMessage());
            }
        }
    }
}
