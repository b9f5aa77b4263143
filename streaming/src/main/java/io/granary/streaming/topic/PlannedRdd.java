package io.granary.streaming.topic;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.Dependency;
import org.apache.spark.Partition;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.execution.datasources.v2.DataSourceRDD;
import org.apache.spark.sql.execution.datasources.v2.DataSourceRDDPartition;
import org.apache.spark.sql.kafka010.KafkaBatchInputPartition;
import org.apache.spark.util.TaskCompletionListener;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.reflect.ClassTag$;

/**
 * What Spark's Kafka source has planned for a batch, read by {@link PartitionReader}. Spark's own reader looks up each record
 * by itself and copies it into a row, which costs as much as counting it.
 */
final class PlannedRdd extends RDD<StreamRecord> {
    private static final long serialVersionUID = 1L;

    private final transient Partition[] parts;
    private final Map<String, Object> settings;

    private PlannedRdd(SparkContext spark, Partition[] parts, Map<String, Object> settings) {
        super(spark, none(), ClassTag$.MODULE$.apply(StreamRecord.class));
        this.parts = parts;
        this.settings = settings;
    }

    private static Seq<Dependency<?>> none() {
        return JavaConverters.<Dependency<?>>asScalaBuffer(List.of()).toSeq();
    }

    /** Nothing when the plan is of another source, or one that may leave lost records out. */
    static Optional<RDD<StreamRecord>> of(DataSourceRDD source) {
        List<Partition> parts = new ArrayList<>();
        Map<String, Object> settings = Map.of();
        for (Partition part : source.partitions()) {
            Seq<InputPartition> planned = ((DataSourceRDDPartition) part).inputPartitions();
            if (planned.size() != 1
                    || !(planned.head() instanceof KafkaBatchInputPartition kafka)
                    || !kafka.failOnDataLoss()) {
                return Optional.empty();
            }
            settings = kafka.executorKafkaParams();
            Planned what = new Planned(OffsetRange.of(kafka), kafka.pollTimeoutMs(), kafka.preferredLocations());
            parts.add(new TaskPart<>(part.index(), what));
        }
        return Optional.of(new PlannedRdd(source.sparkContext(), parts.toArray(new Partition[0]), settings));
    }

    private record Planned(OffsetRange range, long patience, String[] hosts) implements Serializable {
        static Planned of(Partition part) {
            return (Planned) ((TaskPart<?>) part).of();
        }
    }

    @Override
    public Partition[] getPartitions() {
        return parts;
    }

    @Override
    public Seq<String> getPreferredLocations(Partition part) {
        return JavaConverters.asScalaBuffer(List.of(Planned.of(part).hosts())).toSeq();
    }

    @Override
    public Iterator<StreamRecord> compute(Partition part, TaskContext task) {
        Planned planned = Planned.of(part);
        PartitionReader reader = IdleReaders.take(settings, planned.range().topic());
        task.addTaskCompletionListener((TaskCompletionListener) done -> IdleReaders.giveBack(settings, reader));
        reader.begin(planned.range(), planned.patience(), task::isInterrupted);
        return reader;
    }
}
