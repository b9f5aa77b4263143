package io.granary.streaming.count;

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
    public InternalRow read(int ofPartition, long offset, RecordValue value) {
        facts.read(ofPartition, offset, value.length());
        if (value.bytes() == null) {
            facts.poison(ofPartition, offset, "the record has no value");
            return null;
        }
        if (partition != ofPartition) {
            partition = ofPartition;
            row.update(FILE, UTF8String.fromString(Integer.toString(ofPartition)));
        }
        row.update(OFFSET, offset);
        row.update(LINE, UTF8String.fromBytes(value.bytes(), value.from(), value.length()));
        return row;
    }

    @Override
    public RecordFacts facts() {
        return facts;
    }
}
