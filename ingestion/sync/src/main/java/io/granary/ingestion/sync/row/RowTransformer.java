package io.granary.ingestion.sync.row;

import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;

/** Changes rows on their way from reader to writer. Used by one thread; each part of a job has one of its own. */
@FunctionalInterface
public interface RowTransformer {
    /** Leaves every row as it is. */
    RowTransformer NONE = (batch, dirty) -> batch;

    /**
     * The rows of the batch as they are afterwards: the batch itself, or one that is used again at the next call and may
     * share vectors with it. Of rows that are dropped {@code selected} says what is left, as ORC and Hive do.
     *
     * @param dirty takes rows that cannot be changed as the job says; they are dropped too
     */
    VectorizedRowBatch apply(VectorizedRowBatch batch, DirtySink dirty);
}
