package io.granary.streaming.count;

import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;

/** The records of a task as a reader reads them. A row holds until the next one is asked for. */
final class FedRecords extends AbstractIterator<InternalRow> {
    private final Iterator<InternalRow> records;
    private final RecordReader reader;
    private InternalRow next;

    /** @param records {@code partition INT, offset BIGINT, value BINARY} */
    FedRecords(Iterator<InternalRow> records, RecordReader reader) {
        this.records = records;
        this.reader = reader;
    }

    @Override
    public boolean hasNext() {
        while (next == null && records.hasNext()) {
            InternalRow record = records.next();
            next = reader.read(record.getInt(0), record.getLong(1), RecordValue.of(record, 2));
        }
        return next != null;
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
