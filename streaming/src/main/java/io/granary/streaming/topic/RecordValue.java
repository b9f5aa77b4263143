package io.granary.streaming.topic;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.unsafe.Platform;

/**
 * The bytes of one record's value, where they lie: they hold until the next record is read.
 *
 * @param bytes null when the record has no value
 * @param from index of the first
 * @param to index behind the last
 */
public record RecordValue(byte[] bytes, int from, int to) {
    private static final RecordValue NONE = new RecordValue(null, 0, 0);

    public static RecordValue of(byte[] bytes) {
        return bytes == null ? NONE : new RecordValue(bytes, 0, bytes.length);
    }

    /** Of a BINARY column. */
    static RecordValue of(InternalRow row, int column) {
        if (row.isNullAt(column)) {
            return NONE;
        }
        if (row instanceof UnsafeRow unsafe && unsafe.getBaseObject() instanceof byte[] array) {
            // of such a field the row has its place, counted from the row's begin, and its length
            long place = unsafe.getLong(column);
            int from = (int) (unsafe.getBaseOffset() - Platform.BYTE_ARRAY_OFFSET + (place >>> Integer.SIZE));
            return new RecordValue(array, from, from + (int) place);
        }
        return of(row.getBinary(column));
    }

    public int length() {
        return to - from;
    }
}
