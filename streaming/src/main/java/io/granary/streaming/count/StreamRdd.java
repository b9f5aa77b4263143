package io.granary.streaming.count;

import io.granary.streaming.topic.StreamRecord;
import io.granary.streaming.topic.TaskPart;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.Dependency;
import org.apache.spark.OneToOneDependency;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.collection.Iterator;
import scala.collection.Iterator$;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.reflect.ClassTag$;

/**
 * One batch: reads every record once. The plan of a single model takes one after the other by itself; of several, each is
 * fed every record in turn. The plans stand over a {@link FeedRdd} and know nothing of the batch.
 */
final class StreamRdd extends RDD<TaskResult> {
    private static final long serialVersionUID = 1L;

    private final RDD<StreamRecord> records;
    private final List<RDD<InternalRow>> models;
    private final Work work;

    /** @param now microseconds since 1970, the same in all tasks */
    record Work(Records input, Broadcast<Known> known, List<TallyPlan> plans, long now) implements Serializable {}

    StreamRdd(RDD<StreamRecord> records, List<RDD<InternalRow>> models, Work work) {
        super(records.sparkContext(), dependencies(records, models), ClassTag$.MODULE$.apply(TaskResult.class));
        this.records = records;
        this.models = List.copyOf(models);
        this.work = work;
    }

    private static Seq<Dependency<?>> dependencies(RDD<StreamRecord> records, List<RDD<InternalRow>> models) {
        List<Dependency<?>> all = new ArrayList<>();
        all.add(new OneToOneDependency<>(records));
        models.forEach(model -> all.add(new OneToOneDependency<>(model)));
        return CountingExpression.seq(all);
    }

    private record Inputs(Partition records, List<Partition> models) implements Serializable {}

    private static Inputs inputs(Partition part) {
        return (Inputs) ((TaskPart<?>) part).of();
    }

    @Override
    public Partition[] getPartitions() {
        Partition[] parts = new Partition[records.partitions().length];
        for (int i = 0; i < parts.length; i++) {
            int index = i;
            parts[i] = new TaskPart<>(
                    i,
                    new Inputs(
                            records.partitions()[i],
                            models.stream().map(m -> m.partitions()[index]).toList()));
        }
        return parts;
    }

    @Override
    public Seq<String> getPreferredLocations(Partition part) {
        return records.preferredLocations(inputs(part).records());
    }

    @Override
    public Iterator<TaskResult> compute(Partition part, TaskContext task) {
        TaskCounts counts = TaskCounts.begin(task, work.plans(), work.now());
        RecordReader reader = work.input().reader(work.known().value());
        FedRecords fed = new FedRecords(records.iterator(inputs(part).records(), task), reader);
        List<Plan> plans = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            plans.add(new Plan(models.get(i), inputs(part).models().get(i), task, counts));
        }
        if (plans.size() == 1) {
            plans.get(0).run(fed);
        }
        while (fed.hasNext()) {
            InternalRow row = fed.next();
            plans.forEach(plan -> plan.run(Iterator$.MODULE$.single(row)));
        }
        return JavaConverters.asScalaIterator(
                List.of(TaskResult.of(counts, reader.facts())).iterator());
    }

    /** A model's plan in this task. It counts all that is fed and yields no row. */
    private static final class Plan {
        private final RDD<InternalRow> model;
        private final Partition part;
        private final TaskContext task;
        private final TaskCounts counts;
        private Iterator<InternalRow> rows;

        Plan(RDD<InternalRow> model, Partition part, TaskContext task, TaskCounts counts) {
            this.model = model;
            this.part = part;
            this.task = task;
            this.counts = counts;
            rows = model.iterator(part, task);
        }

        void run(Iterator<InternalRow> fed) {
            counts.feed(fed);
            boolean yields = rows.hasNext();
            if (counts.isFed()) {
                // an operator without generated code does not go on after its input has ended once
                rows = model.iterator(part, task);
                yields |= rows.hasNext();
            }
            if (yields || counts.isFed()) {
                throw new IllegalStateException("a counting plan did not take what it was fed");
            }
        }
    }
}
