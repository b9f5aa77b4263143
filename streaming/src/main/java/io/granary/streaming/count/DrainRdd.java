package io.granary.streaming.count;

import java.util.List;
import org.apache.spark.Dependency;
import org.apache.spark.OneToOneDependency;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag$;

/** The counts of one model's plan over rows that are at rest. */
final class DrainRdd extends RDD<TaskResult> {
    private static final long serialVersionUID = 1L;

    private final RDD<InternalRow> model;
    private final List<TallyPlan> plans;
    private final long now;

    /** @param now microseconds since 1970 */
    DrainRdd(RDD<InternalRow> model, List<TallyPlan> plans, long now) {
        super(
                model.sparkContext(),
                CountingExpression.seq(List.<Dependency<?>>of(new OneToOneDependency<>(model))),
                ClassTag$.MODULE$.apply(TaskResult.class));
        this.model = model;
        this.plans = plans;
        this.now = now;
    }

    @Override
    public Partition[] getPartitions() {
        return model.partitions();
    }

    @Override
    public Iterator<TaskResult> compute(Partition part, TaskContext task) {
        TaskCounts counts = TaskCounts.begin(task, plans, now);
        Iterator<InternalRow> rows = model.iterator(part, task);
        while (rows.hasNext()) {
            rows.next();
        }
        return JavaConverters.asScalaIterator(
                List.of(TaskResult.of(counts, new RecordFacts())).iterator());
    }
}
