package io.granary.streaming.count;

import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.checkpoint.Marks;
import io.granary.streaming.count.KafkaChunks.Extent;
import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.store.CounterStore;
import io.granary.streaming.store.Delta;
import io.granary.streaming.store.Slices;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * The body of one micro-batch. Running a batch again, whole or after a crash at any step, leaves Redis as one run would
 * have left it.
 */
public final class CounterBatch {
    private final StreamQuery query;
    private final CounterRows rows;
    private final Checkpoint checkpoint;
    private final CounterStore store;
    private final int sliceSize;
    private final BatchStep.Observer observer;
    private Marks newest = Marks.NONE;

    public CounterBatch(
            StreamQuery query, Checkpoint checkpoint, CounterStore store, int sliceSize, BatchStep.Observer observer) {
        this.query = query;
        this.rows = new CounterRows(query);
        this.checkpoint = checkpoint;
        this.store = store;
        this.sliceSize = sliceSize;
        this.observer = observer;
    }

    /** @param records of the query's topic: {@code partition INT, offset BIGINT, value BINARY} */
    public void run(Dataset<Row> records, long batch) {
        Marks after = checkpoint.marks(batch).orElseGet(() -> count(records, before(batch)));
        store.apply(batch, Slices.of(checkpoint.deltas(batch), sliceSize), observer);
        observer.done(BatchStep.ALL_APPLIED);
        store.completed(after);
        observer.done(BatchStep.AS_OF_WRITTEN);
        newest = after;
    }

    private Marks count(Dataset<Row> records, Marks before) {
        Dataset<Row> chunks = KafkaChunks.decode(records).persist(StorageLevel.MEMORY_AND_DISK());
        try {
            Extent extent = KafkaChunks.extent(chunks, query.source().topic());
            List<Delta> deltas =
                    extent.hasLines() ? rows.deltas(KafkaChunks.marked(chunks, before.of(extent.files()))) : List.of();
            observer.done(BatchStep.COMPUTED);
            Marks after = before.next(extent.offsets(), extent.files());
            checkpoint.writeDeltas(after.batch(), deltas);
            observer.done(BatchStep.DELTAS_STORED);
            checkpoint.writeMarks(after);
            observer.done(BatchStep.MARKS_STORED);
            return after;
        } finally {
            chunks.unpersist();
        }
    }

    private Marks before(long batch) {
        if (newest.batch() == batch - 1) {
            return newest;
        }
        return checkpoint
                .marks(batch - 1)
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.DATA,
                        "the marks after batch " + (batch - 1) + " of " + query.name() + " are missing. "
                                + checkpoint.startAnew()));
    }
}
