package io.granary.ingestion.sync.row;

import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;

/** Changes rows on their way from reader to writer. Used by one thread; each part of a job has one of its own. */
@FunctionalInterface
public interface RowTransformer {
    /** Leaves every row as it is. */
    RowTransformer NONE = batch -> {};

    /**
     * Changes the rows of a batch in place; columns keep their types. To drop rows it sets {@code selectedInUse},
     * {@code selected} and {@code size} to those that stay, in their order, as ORC and Hive do.
     */
    void apply(VectorizedRowBatch batch);
}
