package io.granary.streaming.count;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/** Records that are one event each; an event's identity is its partition and offset, which a batch has once. */
final class EventReader implements RecordReader {
    private static final UTF8String NOWHERE = UTF8String.EMPTY_UTF8;

    private final RecordFacts facts = new RecordFacts();

    @Override
    public InternalRow read(int partition, long offset, byte[] value) {
        facts.read(partition, offset, value == null ? 0 : value.length);
        if (value == null) {
            facts.poison(partition, offset, "the record has no value");
            return null;
        }
        return new GenericInternalRow(new Object[] {
            NOWHERE, NOWHERE, NOWHERE, UTF8String.fromString(Integer.toString(partition)), offset, value
        });
    }

    @Override
    public RecordFacts facts() {
        return facts;
    }
}
