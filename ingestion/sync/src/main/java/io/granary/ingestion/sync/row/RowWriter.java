package io.granary.ingestion.sync.row;

/** Where a job's rows go. Nobody sees any of them before {@link #commit}. */
public interface RowWriter extends AutoCloseable {
    /** Opens a part for writing; called by the thread that reads the part. */
    Part open(RowPart part);

    /** All parts are written: makes them visible to those who read the target, all at once where the target can do that. */
    void commit();

    /** Takes back what is not committed. */
    @Override
    void close();

    /** One part that is being written. */
    interface Part extends AutoCloseable {
        /** Writes the rows of the batch, which may be used again afterwards. */
        void write(org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch batch);

        /**
         * The part is complete and on disk.
         *
         * @return the sums of what was written, taken from what was written (such as an ORC footer), not from what was read
         */
        RowSums finish();

        /** Drops the part when it is not finished. */
        @Override
        void close();
    }
}
