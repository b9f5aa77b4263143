package io.granary.streaming;

import io.granary.streaming.watch.QueryMetrics;
import io.granary.warehouse.error.GranaryException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private final Start start;
    private final QueryMetrics metrics;
    private final Observer observer;
    private final Thread thread;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile StreamingQuery running;
    private volatile GranaryException end;

    /** Makes and starts the query from its checkpoint. */
    @FunctionalInterface
    interface Start {
        /** @param announced is run when readers are told that the counters are computed anew, which may take long */
        StreamingQuery begin(Runnable announced) throws Exception;
    }

    /** Is told why a query does not count: for now, or for good. */
    interface Observer {
        void waits(GranaryException why, Duration pause);

        void ended(GranaryException why);
    }

    /** @param start is called each time anew */
    QueryRun(String name, Start start, QueryMetrics metrics, Observer observer) {
        this.name = name;
        this.start = start;
        this.metrics = metrics;
        this.observer = observer;
        this.thread = new Thread(this::run, "query-" + name);
    }

    void begin() {
        thread.start();
    }

    /** Waits until the query counts or tells its readers that it computes the counters anew, or has ended for good. */
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
        metrics.alive(true);
        while (!isStopping()) {
            long since = System.nanoTime();
            QueryFailure failure = runOnce();
            if (isStopping()) {
                break;
            }
            if (!failure.isPassing()) {
                end = failure.error();
                observer.ended(end);
                LOG.error("query {} does not go on: {}", name, failure.error().getMessage());
                break;
            }
            pause = System.nanoTime() - since > HEALTHY.toNanos() ? FIRST_PAUSE : pause;
            LOG.warn(
                    "query {} is started again in {} s: {}",
                    name,
                    pause.toSeconds(),
                    failure.error().getMessage());
            observer.waits(failure.error(), pause);
            sleep(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            metrics.restarted();
        }
        metrics.alive(false);
        begun.countDown();
    }

    private QueryFailure runOnce() {
        try {
            StreamingQuery query = start.begin(this::begun);
            running = query;
            if (isStopping()) {
                query.stop();
            }
            begun();
            query.awaitTermination();
            return QueryFailure.of(name, new IllegalStateException("it ended by itself"));
        } catch (Exception | LinkageError e) {
            return QueryFailure.of(name, e);
        } finally {
            metrics.running(false);
            running = null;
        }
    }

    private void begun() {
        metrics.running(true);
        begun.countDown();
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
