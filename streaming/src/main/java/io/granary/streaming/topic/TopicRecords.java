package io.granary.streaming.topic;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.Dependency;
import org.apache.spark.NarrowDependency;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.LogicalRDD;
import org.apache.spark.sql.execution.datasources.v2.DataSourceRDD;
import org.apache.spark.sql.execution.streaming.StreamExecution;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.Seq;

/** The records of a batch. Those of a stream are read from Kafka as Spark has planned them, but not by Spark's reader. */
public final class TopicRecords {
    private static final Logger LOG = LoggerFactory.getLogger(TopicRecords.class);
    private static final String[] COLUMNS = {"partition", "offset", "value"};
    /** Streams, by Spark's id of them, of which it was told that Spark's reader reads them. */
    private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

    private TopicRecords() {}

    /** @param records {@code partition INT, offset BIGINT, value BINARY}, as Kafka's source or anything else has them */
    public static RDD<StreamRecord> of(Dataset<Row> records) {
        if (!(records.queryExecution().analyzed() instanceof LogicalRDD batch)) {
            return bySpark(records);
        }
        boolean isAsRead = List.of(records.columns()).equals(List.of(COLUMNS));
        Optional<RDD<StreamRecord>> planned = isAsRead ? source(batch.rdd()).flatMap(PlannedRdd::of) : Optional.empty();
        return planned.orElseGet(() -> {
            tell(batch.rdd());
            return bySpark(records);
        });
    }

    private static RDD<StreamRecord> bySpark(Dataset<Row> records) {
        return records.selectExpr(COLUMNS)
                .queryExecution()
                .toRdd()
                .toJavaRDD()
                .map(StreamRecord::of)
                .rdd();
    }

    /** Once a stream: the numbers are right either way, but somebody may wonder where the speed has gone. */
    private static void tell(RDD<?> batch) {
        String stream = batch.sparkContext().getLocalProperty(StreamExecution.QUERY_ID_KEY());
        if (stream != null && TOLD.add(stream)) {
            LOG.warn(
                    "the batches of stream {} are read by Spark's reader, which costs as much as counting them: they are"
                            + " not Kafka's partition, offset and value as they were planned, or failOnDataLoss is"
                            + " false:\n{}",
                    stream,
                    batch.toDebugString());
        }
    }

    /** The source of a batch, when nothing but narrow steps lie between: the projection of its columns. */
    private static Optional<DataSourceRDD> source(RDD<?> batch) {
        for (RDD<?> at = batch; ; ) {
            Seq<Dependency<?>> steps = at.dependencies();
            if (at instanceof DataSourceRDD source) {
                return Optional.of(source);
            }
            if (steps.size() != 1 || !(steps.head() instanceof NarrowDependency<?> step)) {
                return Optional.empty();
            }
            at = step.rdd();
        }
    }
}
