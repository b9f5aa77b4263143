package io.granary.streaming.count;

import io.granary.streaming.topic.RecordValue;
import io.granary.streaming.topic.StreamRecord;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/** Records that are one event each; an event's identity is its partition and offset, which a batch has once. */
final class EventReader implements RecordReader {
    private static final UTF8String NOWHERE = UTF8String.EMPTY_UTF8;
    private static final int FILE = 3;
    private static final int OFFSET = 4;
    private static final int LINE = 5;

    private final RecordFacts facts = new RecordFacts();
    private final GenericInternalRow row =
            new GenericInternalRow(new Object[] {NOWHERE, NOWHERE, NOWHERE, NOWHERE, 0L, NOWHERE});
    private int partition = -1;

    @Override
    public InternalRow read(StreamRecord record) {
        RecordValue value = record.value();
        facts.read(record.partition(), record.offset(), value.length());
        if (value.bytes() == null) {
            facts.poison(record.partition(), record.offset(), "the record has no value");
            return null;
        }
        if (partition != record.partition()) {
            partition = record.partition();
            row.update(FILE, UTF8String.fromString(Integer.toString(partition)));
        }
        row.update(OFFSET, record.offset());
        row.update(LINE, UTF8String.fromBytes(value.bytes(), value.from(), value.length()));
        return row;
    }

    @Override
    public RecordFacts facts() {
        return facts;
    }
}
