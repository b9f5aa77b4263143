package io.granary.streaming;

import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.count.BatchReport;
import io.granary.streaming.count.BatchStep;
import io.granary.streaming.count.CounterBatch;
import io.granary.streaming.count.CounterRows;
import io.granary.streaming.count.Records;
import io.granary.streaming.query.DimensionVersions;
import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.replay.CounterBook;
import io.granary.streaming.replay.Definitions;
import io.granary.streaming.replay.Rebuild;
import io.granary.streaming.replay.RebuildStep;
import io.granary.streaming.replay.Replay;
import io.granary.streaming.replay.SealedLog;
import io.granary.streaming.store.CounterStore;
import io.granary.streaming.store.FenceAnswer;
import io.granary.streaming.store.RedisNodes;
import io.granary.streaming.store.RedisRetry;
import io.granary.streaming.store.Slices;
import io.granary.streaming.watch.QueryMetrics;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;

/**
 * Counts one topic: the query over the records of {@code query.source().topic()}, as it runs in the streaming job.
 *
 * @param kafka bootstrap servers
 * @param checkpoint folder, with its file system
 * @param trigger a batch begins so long after the one before, or when that has ended
 * @param dimensions the versions of what the models join
 * @param recordsPerBatch records that a batch takes at most; a backlog is worked off in batches of this size
 */
public record StreamRun(
        SparkSession spark,
        StreamQuery query,
        Records input,
        String kafka,
        String checkpoint,
        Duration trigger,
        long recordsPerBatch,
        DimensionVersions dimensions) {

    private static final String ANSWER_MILLIS = "10000";

    /** Of a query that joins nothing. */
    public StreamRun(
            SparkSession spark,
            StreamQuery query,
            Records input,
            String kafka,
            String checkpoint,
            Duration trigger,
            long recordsPerBatch) {
        this(spark, query, input, kafka, checkpoint, trigger, recordsPerBatch, DimensionVersions.NONE);
    }

    /**
     * Checks, claims Redis, rebuilds what it has lost, and starts.
     *
     * @param reports is told of every batch
     * @throws io.granary.warehouse.error.GranaryException when a definition does not fit, or checkpoint and Redis do not
     *     belong together
     */
    public StreamingQuery start(RedisNodes redis, RedisRetry retry, Consumer<BatchReport> reports)
            throws TimeoutException {
        return start(redis, retry, reports, fence -> {}, SealedLog.NONE, () -> {});
    }

    /**
     * The same, with all that {@code metrics} tells.
     *
     * @param sealed has the lines that Kafka no longer holds
     * @param announced is run when readers are told that the counters are computed anew
     */
    public StreamingQuery start(
            RedisNodes redis, Duration patience, QueryMetrics metrics, SealedLog sealed, Runnable announced)
            throws TimeoutException {
        RedisRetry retry = new RedisRetry(patience, metrics::redisRetry);
        return start(redis, retry, metrics::batch, metrics::fence, sealed, announced);
    }

    private StreamingQuery start(
            RedisNodes redis,
            RedisRetry retry,
            Consumer<BatchReport> reports,
            Consumer<FenceAnswer> fences,
            SealedLog sealed,
            Runnable announced)
            throws TimeoutException {
        Clock clock = Clock.systemUTC();
        new CounterRows(spark, query, input, dimensions).check();
        Checkpoint ours = new Checkpoint(checkpoint, spark.sessionState().newHadoopConf());
        ours.verify();
        CounterBook book = new Definitions(query, ours).take(clock.instant());
        StreamQuery counted = Definitions.counted(query, book);
        CounterStore store = new CounterStore(query.name(), ours, redis, retry, clock, fences);
        Replay replay = new Replay(spark, counted, ours, sealed, kafka, dimensions);
        Rebuild rebuild = new Rebuild(query, book, ours, store, replay, clock, step -> {
            if (step == RebuildStep.ANNOUNCED) {
                announced.run();
            }
        });
        rebuild.start();
        CounterRows rows = new CounterRows(spark, counted, input, dimensions);
        CounterBatch batch =
                new CounterBatch(counted, rows, ours, store, clock, Slices.SIZE, BatchStep.Observer.NONE, reports);
        StreamingQuery started = start(batch, rebuild, retry.patience());
        new RedisLooks(started, rebuild).begin();
        return started;
    }

    private StreamingQuery start(CounterBatch batch, Rebuild rebuild, Duration patience) throws TimeoutException {
        Dataset<Row> records = spark.readStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", kafka)
                .option("subscribe", query.source().topic())
                .option("startingOffsets", "earliest")
                .option("maxOffsetsPerTrigger", recordsPerBatch)
                .option("failOnDataLoss", "true")
                .option("groupIdPrefix", "granary-streaming")
                .option("kafkaConsumer.pollTimeoutMs", patience.toMillis())
                // when a broker dies, the question that it had is asked another one after so long, not after a minute
                .option("kafka.default.api.timeout.ms", ANSWER_MILLIS)
                .option("kafka.request.timeout.ms", ANSWER_MILLIS)
                .option("kafka.max.partition.fetch.bytes", "4194304")
                .option("kafka.fetch.max.bytes", "33554432")
                .option("kafka.max.poll.records", Integer.toString(input.recordsPerPoll()))
                .load()
                .select("partition", "offset", "value");
        return records.writeStream()
                .queryName(query.name())
                .trigger(Trigger.ProcessingTime(trigger.toMillis()))
                .option("checkpointLocation", checkpoint)
                .foreachBatch(
                        (VoidFunction2<Dataset<Row>, Long>) (found, id) -> rebuild.run(() -> batch.run(found, id)))
                .start();
    }
}
