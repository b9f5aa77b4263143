package io.granary.streaming;

import io.granary.streaming.watch.QueryMetrics;
import io.granary.warehouse.error.GranaryException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one query going: starts it again after a failure that may pass, with growing pauses, for as long as it takes;
 * lets it be after one that a person has to mend. Other queries are not touched by either.
 */
final class QueryRun {
    private static final Logger LOG = LoggerFactory.getLogger(QueryRun.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    /** What ran for so long begins with the shortest pause again. */
    private static final Duration HEALTHY = Duration.ofMinutes(1);

    private final String name;
    private final Callable<StreamingQuery> start;
    private final QueryMetrics metrics;
    private final Consumer<GranaryException> ended;
    private final Thread thread;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile StreamingQuery running;
    private volatile GranaryException end;

    /**
     * @param start makes and starts the query from its checkpoint, each time anew
     * @param ended is told why the query does not go on
     */
    QueryRun(String name, Callable<StreamingQuery> start, QueryMetrics metrics, Consumer<GranaryException> ended) {
        this.name = name;
        this.start = start;
        this.metrics = metrics;
        this.ended = ended;
        this.thread = new Thread(this::run, "query-" + name);
    }

    void begin() {
        thread.start();
    }

    /** Waits until the query counts, or has ended for good. */
    void awaitBegin() throws InterruptedException {
        begun.await();
    }

    /** Waits until the query has ended for good, or was stopped. */
    void awaitEnd() throws InterruptedException {
        thread.join();
    }

    /** Why the query does not go on; nothing while it does, and when it was stopped. */
    Optional<GranaryException> end() {
        return Optional.ofNullable(end);
    }

    /** Stops the query; a batch that is under way is run again by the next start. */
    void stop() {
        stop.countDown();
        StreamingQuery query = running;
        if (query != null) {
            try {
                query.stop();
            } catch (TimeoutException | RuntimeException e) {
                LOG.warn("query {} did not stop in time: {}", name, e.getMessage());
            }
        }
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        while (!isStopping()) {
            long since = System.nanoTime();
            QueryFailure failure = runOnce();
            if (isStopping()) {
                break;
            }
            if (!failure.isPassing()) {
                end = failure.error();
                ended.accept(end);
                LOG.error("query {} does not go on: {}", name, failure.error().getMessage());
                break;
            }
            pause = System.nanoTime() - since > HEALTHY.toNanos() ? FIRST_PAUSE : pause;
            LOG.warn(
                    "query {} is started again in {} s: {}",
                    name,
                    pause.toSeconds(),
                    failure.error().getMessage());
            sleep(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            metrics.restarted();
        }
        begun.countDown();
    }

    private QueryFailure runOnce() {
        try {
            StreamingQuery query = start.call();
            running = query;
            if (isStopping()) {
                query.stop();
            }
            metrics.running(true);
            begun.countDown();
            query.awaitTermination();
            return QueryFailure.of(name, new IllegalStateException("it ended by itself"));
        } catch (Exception | LinkageError e) {
            return QueryFailure.of(name, e);
        } finally {
            metrics.running(false);
            running = null;
        }
    }

    private boolean isStopping() {
        return stop.getCount() == 0;
    }

    private void sleep(Duration pause) {
        try {
            stop.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stop.countDown();
        }
    }
}
