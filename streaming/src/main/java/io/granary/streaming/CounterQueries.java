package io.granary.streaming;

import io.granary.streaming.count.CounterRows;
import io.granary.streaming.count.Records;
import io.granary.streaming.query.DimensionVersions;
import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.replay.Warehouse;
import io.granary.streaming.store.RedisNodes;
import io.granary.streaming.store.RedisRetry;
import io.granary.streaming.watch.StreamMetrics;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.config.StreamSettings;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running queries of a session, one a log source. */
final class CounterQueries {
    /** Bytes of a chunk as the agent sends it at most (docs/collecting.md). */
    private static final long CHUNK = 64 * 1024;
    /** Redis answers in milliseconds; one that forks or writes its dump may take a second. */
    private static final Duration ANSWER = Duration.ofSeconds(5);

    /** Between looks for a file system or Redis that is away at the start. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(CounterQueries.class);

    private final SparkSession spark;
    private final Profile profile;
    private final StreamSettings settings;
    private final StreamMetrics metrics;
    private final RedisNodes redis;
    private final List<StreamQuery> queries;
    private final List<QueryRun> runs;
    private final QueryWatch watch;

    /** @param address where this process serves its metrics */
    CounterQueries(
            SparkSession spark, Profile profile, List<StreamQuery> queries, StreamMetrics metrics, String address) {
        this.spark = spark;
        this.queries = List.copyOf(queries);
        this.profile = profile;
        this.settings = profile.streaming();
        this.metrics = metrics;
        this.redis = new RedisRetry(settings.patience()).call(() -> RedisNodes.open(profile.redisAddress(), ANSWER));
        this.watch = new QueryWatch(queries, profile.kafka(), redis.commands(), metrics, address);
        this.runs = queries.stream().map(this::run).toList();
        queries.forEach(query -> new CounterRows(spark, query, Records.CHUNKS, DimensionVersions.of(profile)).check());
    }

    private QueryRun run(StreamQuery query) {
        metrics.query(query.name()).counts(query.counterNames());
        return new QueryRun(
                query.name(),
                announced -> start(query, announced),
                metrics.query(query.name()),
                new QueryRun.Observer() {
                    @Override
                    public void waits(GranaryException why, Duration pause) {
                        watch.waits(query.name(), why.getMessage(), pause);
                    }

                    @Override
                    public void ended(GranaryException why) {
                        watch.ended(query.name(), why.getMessage());
                    }
                });
    }

    /** Starts all queries and returns when each of them counts, computes its counters anew, or has ended for good. */
    void start() throws InterruptedException {
        takeChanges();
        runs.forEach(QueryRun::begin);
        watch.begin();
        for (QueryRun run : runs) {
            run.awaitBegin();
        }
    }

    /** Before any query begins: what one of them leaves to another is not to be removed by the first. */
    private void takeChanges() throws InterruptedException {
        ChangedProject project =
                new ChangedProject(profile, spark.sessionState().newHadoopConf(), queries);
        while (true) {
            try {
                project.take(redis, new RedisRetry(settings.patience()));
                return;
            } catch (GranaryException e) {
                if (e.code() != ErrorCode.EXTERNAL) {
                    throw e;
                }
                LOG.warn("the counters cannot be compared with those of before, tried again: {}", e.getMessage());
                Thread.sleep(PAUSE.toMillis());
            }
        }
    }

    /**
     * Waits until no query goes on.
     *
     * @throws GranaryException why the first of them does not, when it was not {@link #stop} that ended them
     */
    void awaitEnd() throws InterruptedException {
        for (QueryRun run : runs) {
            run.awaitEnd();
        }
        Optional<GranaryException> first =
                runs.stream().map(QueryRun::end).flatMap(Optional::stream).findFirst();
        if (first.isPresent()) {
            throw first.get();
        }
    }

    private StreamingQuery start(StreamQuery query, Runnable announced) throws Exception {
        new Topics(profile.kafka(), settings.patience())
                .ensure(List.of(query.source().topic()));
        StreamRun run = new StreamRun(
                spark,
                query,
                Records.CHUNKS,
                profile.kafka(),
                settings.checkpoint(profile.fs(), query.name()),
                settings.trigger(),
                Math.max(1, settings.batchBytes() / CHUNK),
                DimensionVersions.of(profile));
        StreamingQuery started = run.start(
                redis,
                settings.patience(),
                metrics.query(query.name()),
                new Warehouse(spark, profile, query.source()),
                announced);
        watch.started(query.name());
        return started;
    }

    /** Stops the queries; a batch that is under way is run again by the next start. */
    void stop() {
        runs.forEach(QueryRun::stop);
        watch.close();
        spark.stop();
        redis.close();
    }
}
