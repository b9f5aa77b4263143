package io.granary.streaming.count;

import io.granary.streaming.topic.StreamRecord;
import org.apache.spark.sql.catalyst.InternalRow;

/** Reads the records of one task, in the order in which they come. */
interface RecordReader {
    /** What a record feeds to the models' plans until the next one is read; null when it has nothing to count. */
    InternalRow read(StreamRecord record);

    RecordFacts facts();
}
