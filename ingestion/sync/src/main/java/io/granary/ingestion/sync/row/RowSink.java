package io.granary.ingestion.sync.row;

import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;

/** Takes the rows of one part, in batches. Used by one thread. */
public interface RowSink extends DirtySink {
    /** The batch to fill next: it has room for at least one more row; {@code size} is the next free row. */
    VectorizedRowBatch batch();

    /**
     * The row at {@code batch().size} is filled; {@code size}, the count and the limits are kept here.
     *
     * @param bytes that it takes, such as {@link RowSizes} tells them
     */
    void added(long bytes);

    /** Takes a whole batch of the reader's own, which may be used again afterwards; rows added before go first. */
    void add(VectorizedRowBatch whole, long bytes);
}
