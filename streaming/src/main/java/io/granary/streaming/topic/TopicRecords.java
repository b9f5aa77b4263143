package io.granary.streaming.topic;

import java.util.List;
import java.util.Optional;
import org.apache.spark.Dependency;
import org.apache.spark.NarrowDependency;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.LogicalRDD;
import org.apache.spark.sql.execution.datasources.v2.DataSourceRDD;
import scala.collection.Seq;

/** The records of a batch. Those of a stream are read from Kafka as Spark has planned them, but not by Spark's reader. */
public final class TopicRecords {
    private static final String[] COLUMNS = {"partition", "offset", "value"};

    private TopicRecords() {}

    /** @param records {@code partition INT, offset BIGINT, value BINARY}, as Kafka's source or anything else has them */
    public static RDD<StreamRecord> of(Dataset<Row> records) {
        boolean isAsRead = List.of(records.columns()).equals(List.of(COLUMNS));
        Optional<RDD<StreamRecord>> planned =
                isAsRead && records.queryExecution().analyzed() instanceof LogicalRDD batch
                        ? source(batch.rdd()).flatMap(PlannedRdd::of)
                        : Optional.empty();
        return planned.orElseGet(() -> records.selectExpr(COLUMNS)
                .queryExecution()
                .toRdd()
                .toJavaRDD()
                .map(StreamRecord::of)
                .rdd());
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
