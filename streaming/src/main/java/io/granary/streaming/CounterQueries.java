package io.granary.streaming;

import io.granary.streaming.count.Records;
import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.store.RedisNodes;
import io.granary.streaming.store.RedisRetry;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running queries of a session, one a log source. */
final class CounterQueries {
    private static final Logger LOG = LoggerFactory.getLogger(CounterQueries.class);
    private static final String CHECKPOINTS = "/granary/checkpoints/streaming/";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Redis answers in milliseconds; one that forks or writes its dump may take a second. */
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private static final Duration TRIGGER = Duration.ofSeconds(1);

    private final SparkSession spark;
    private final Profile profile;
    private final List<StreamingQuery> running = new ArrayList<>();
    private volatile boolean isStopping;

    CounterQueries(SparkSession spark, Profile profile) {
        this.spark = spark;
        this.profile = profile;
    }

    /** Starts all queries, or none that goes on when one cannot start. */
    void start(List<StreamQuery> queries) throws TimeoutException {
        new Topics(profile.kafka(), PATIENCE)
                .ensure(queries.stream().map(q -> q.source().topic()).toList());
        RedisRetry retry = new RedisRetry(PATIENCE);
        RedisNodes redis = retry.call(() -> RedisNodes.open(profile.redisAddress(), ANSWER));
        for (StreamQuery query : queries) {
            StreamRun run = new StreamRun(
                    spark,
                    query,
                    Records.CHUNKS,
                    profile.kafka(),
                    checkpoint(query),
                    TRIGGER,
                    StreamRun.CHUNKS_PER_BATCH);
            synchronized (running) {
                if (!isStopping) {
                    running.add(run.start(redis, retry, report -> LOG.debug("{}", report)));
                }
            }
        }
    }

    private String checkpoint(StreamQuery query) {
        String fs = profile.fs();
        return (fs.endsWith("/") ? fs.substring(0, fs.length() - 1) : fs) + CHECKPOINTS + query.name();
    }

    /**
     * Waits until a query ends.
     *
     * @throws GranaryException with the cause, when it was not {@link #stop} that ended it
     */
    void awaitFailure() {
        try {
            spark.streams().awaitAnyTermination();
        } catch (StreamingQueryException e) {
            if (!isStopping) {
                throw failure(e);
            }
        }
        if (!isStopping) {
            throw new GranaryException(ErrorCode.INTERNAL, "a streaming query ended by itself");
        }
    }

    /** Stops the queries; a batch that is under way is run again by the next start. */
    void stop() {
        isStopping = true;
        synchronized (running) {
            for (StreamingQuery query : running) {
                try {
                    query.stop();
                } catch (TimeoutException | RuntimeException e) {
                    LOG.warn("query {} did not stop in time: {}", query.name(), e.getMessage());
                }
            }
        }
        spark.stop();
    }

    private static GranaryException failure(StreamingQueryException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof GranaryException known) {
                return known;
            }
        }
        String message = String.valueOf(e.getMessage());
        if (message.contains("data may have been lost") || message.contains("DataLoss")) {
            return new GranaryException(
                    ErrorCode.DATA,
                    "Kafka no longer holds records that were not counted yet (deleted by its retention, or the topic was"
                            + " made anew): " + message,
                    e);
        }
        return new GranaryException(ErrorCode.EXTERNAL, "a streaming query failed: " + message, e);
    }
}
