package io.granary.streaming.count;

import java.util.List;
import org.apache.spark.Dependency;
import org.apache.spark.NarrowDependency;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.LogicalRDD;
import org.apache.spark.sql.execution.datasources.v2.DataSourceRDD;
import scala.collection.Seq;

/**
 * The rows of records. Between Kafka's source and a batch Spark puts projections, each of which copies every value: those of
 * a stream's batch are taken where the source has made them, behind the place where Spark counts them. Rows are read by
 * their number of columns, see {@link FedRecords}.
 */
final class SourceRows {
    private static final List<String> COLUMNS = List.of("partition", "offset", "value");

    private SourceRows() {}

    static RDD<InternalRow> of(Dataset<Row> records) {
        boolean isAsRead = List.of(records.columns()).equals(COLUMNS);
        return isAsRead && records.queryExecution().analyzed() instanceof LogicalRDD batch
                ? unprojected(batch.rdd())
                : records.selectExpr(COLUMNS.toArray(new String[0]))
                        .queryExecution()
                        .toRdd();
    }

    /** The RDD next to the source, when nothing but narrow steps lie between; else the batch itself. */
    @SuppressWarnings("unchecked")
    private static RDD<InternalRow> unprojected(RDD<InternalRow> batch) {
        for (RDD<?> at = batch; ; ) {
            Seq<Dependency<?>> steps = at.dependencies();
            if (steps.size() != 1 || !(steps.head() instanceof NarrowDependency<?> step)) {
                return batch;
            }
            if (step.rdd() instanceof DataSourceRDD) {
                return (RDD<InternalRow>) at;
            }
            at = step.rdd();
        }
    }
}
