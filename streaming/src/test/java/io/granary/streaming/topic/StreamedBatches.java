package io.granary.streaming.topic;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;

/** What streams of topics bring, and by which reader. */
final class StreamedBatches {
    private static final int BATCH = 300;

    private final Function<StreamRecord, String> text;
    private final List<Class<?>> readers = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** @param text what of a record is kept */
    StreamedBatches(Function<StreamRecord, String> text) {
        this.text = text;
    }

    /** Starts a topic's stream from its checkpoint, reads all that is there, and stops it. */
    void read(SparkSession spark, String kafka, String topic, Path checkpoints, String failOnDataLoss)
            throws Exception {
        try (Warnings warned = new Warnings(TopicRecords.class)) {
            StreamingQuery query = spark.readStream()
                    .format("kafka")
                    .option("kafka.bootstrap.servers", kafka)
                    .option("subscribe", topic)
                    .option("startingOffsets", "earliest")
                    .option("maxOffsetsPerTrigger", BATCH)
                    .option("failOnDataLoss", failOnDataLoss)
                    .load()
                    .select("partition", "offset", "value")
                    .writeStream()
                    .option("checkpointLocation", checkpoints.resolve(topic).toString())
                    .foreachBatch((VoidFunction2<Dataset<Row>, Long>) (batch, id) -> take(batch))
                    .start();
            try {
                query.processAllAvailable();
            } finally {
                query.stop();
            }
            warnings.addAll(warned.texts());
        }
    }

    private void take(Dataset<Row> batch) {
        RDD<StreamRecord> found = TopicRecords.of(batch);
        readers.add(found.getClass());
        texts.addAll(found.toJavaRDD().map(text).collect());
    }

    /** One a batch. */
    List<Class<?>> readers() {
        return readers;
    }

    List<String> texts() {
        return texts;
    }

    List<String> warnings() {
        return warnings;
    }
}
