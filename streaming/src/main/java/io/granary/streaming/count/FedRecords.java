package io.granary.streaming.count;

import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;

/** The records of a task as a reader reads them. A row holds until the next one is asked for. */
final class FedRecords extends AbstractIterator<InternalRow> {
    private static final int SELECTED = 3;
    private static final int KAFKA_VALUE = 1;
    private static final int KAFKA_PARTITION = 3;
    private static final int KAFKA_OFFSET = 4;

    private final Iterator<InternalRow> records;
    private final RecordReader reader;
    private InternalRow next;

    /**
     * @param records {@code partition INT, offset BIGINT, value BINARY}, or rows with the columns of Spark's Kafka source:
     *     {@code key, value, topic, partition, offset, timestamp, timestampType}
     */
    FedRecords(Iterator<InternalRow> records, RecordReader reader) {
        this.records = records;
        this.reader = reader;
    }

    @Override
    public boolean hasNext() {
        while (next == null && records.hasNext()) {
            next = read(records.next());
        }
        return next != null;
    }

    private InternalRow read(InternalRow record) {
        return record.numFields() == SELECTED
                ? reader.read(record.getInt(0), record.getLong(1), RecordValue.of(record, 2))
                : reader.read(
                        record.getInt(KAFKA_PARTITION),
                        record.getLong(KAFKA_OFFSET),
                        RecordValue.of(record, KAFKA_VALUE));
    }

    @Override
    public InternalRow next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no more records");
        }
        InternalRow row = next;
        next = null;
        return row;
    }
}
