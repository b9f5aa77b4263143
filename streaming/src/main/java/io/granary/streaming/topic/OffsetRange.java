package io.granary.streaming.topic;

import java.io.Serializable;
import org.apache.kafka.common.TopicPartition;
import org.apache.spark.sql.kafka010.KafkaBatchInputPartition;

/** Records of one partition of a topic, from an offset to before another; some offsets may have no record. */
record OffsetRange(TopicPartition topic, long from, long until) implements Serializable {
    static OffsetRange of(KafkaBatchInputPartition planned) {
        return new OffsetRange(
                planned.offsetRange().topicPartition(),
                planned.offsetRange().fromOffset(),
                planned.offsetRange().untilOffset());
    }
}
