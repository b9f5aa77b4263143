package io.granary.ingestion.sync.row;

import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;

/** Takes the rows of one part, in batches. Used by one thread. */
public interface RowSink {
    /** The batch to fill next: it has room for at least one more row; {@code size} is the next free row. */
    VectorizedRowBatch batch();

    /** The row at {@code batch().size} is filled; the count and the limits are kept here. */
    void added(long bytes);

    /**
     * A row that cannot be kept as it is; it is counted against the job's {@code errorLimit}.
     *
     * @throws io.granary.warehouse.error.GranaryException when the limit is passed: the job ends
     */
    void dirty(DirtyRow row);
}
