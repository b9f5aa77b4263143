package io.granary.ingestion.sync.row;

import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;

/** Changes rows, or drops them, between reader and writer. One per part, used by one thread. */
public interface RowTransformer {
    /**
     * Changes the batch in place; {@code batch.size} and {@code batch.selected} say afterwards which rows are left.
     *
     * @throws io.granary.warehouse.error.GranaryException when a value cannot be changed as the job says
     */
    void apply(VectorizedRowBatch batch);
}
