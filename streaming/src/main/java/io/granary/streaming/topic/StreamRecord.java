package io.granary.streaming.topic;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.spark.sql.catalyst.InternalRow;

/** A record of a topic. Its value holds until the next one is read. */
public record StreamRecord(int partition, long offset, RecordValue value) {
    static StreamRecord of(ConsumerRecord<byte[], byte[]> record) {
        return new StreamRecord(record.partition(), record.offset(), RecordValue.of(record.value()));
    }

    /** @param row {@code partition INT, offset BIGINT, value BINARY} */
    static StreamRecord of(InternalRow row) {
        return new StreamRecord(row.getInt(0), row.getLong(1), RecordValue.of(row, 2));
    }
}
