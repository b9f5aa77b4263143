package io.granary.streaming.count;

import io.granary.streaming.topic.StreamRecord;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;

/** The records of a task as a reader reads them. A row holds until the next one is asked for. */
final class FedRecords extends AbstractIterator<InternalRow> {
    private final Iterator<StreamRecord> records;
    private final RecordReader reader;
    private InternalRow next;

    FedRecords(Iterator<StreamRecord> records, RecordReader reader) {
        this.records = records;
        this.reader = reader;
    }

    @Override
    public boolean hasNext() {
        while (next == null && records.hasNext()) {
            next = reader.read(records.next());
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
