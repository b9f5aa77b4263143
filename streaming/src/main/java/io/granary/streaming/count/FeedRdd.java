package io.granary.streaming.count;

import io.granary.streaming.topic.TaskPart;
import java.util.List;
import org.apache.spark.Dependency;
import org.apache.spark.Partition;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.collection.Iterator;
import scala.reflect.ClassTag$;

/** The input of a model's plan: the rows that {@link StreamRdd} feeds it, so that one plan serves all batches. */
final class FeedRdd extends RDD<InternalRow> {
    private static final long serialVersionUID = 1L;

    private final int count;

    FeedRdd(SparkContext spark, int partitions) {
        super(spark, CountingExpression.seq(List.<Dependency<?>>of()), ClassTag$.MODULE$.apply(InternalRow.class));
        count = partitions;
    }

    @Override
    public Partition[] getPartitions() {
        Partition[] parts = new Partition[count];
        for (int i = 0; i < count; i++) {
            parts[i] = new TaskPart<>(i, null);
        }
        return parts;
    }

    @Override
    public Iterator<InternalRow> compute(Partition part, TaskContext task) {
        return TaskCounts.of(task).rows();
    }
}
