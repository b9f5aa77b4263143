package io.granary.ingestion.sync.row;

import java.util.Optional;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;

/** Where a job's rows go. Nobody sees any of them before {@link #commit}. */
public interface RowWriter extends AutoCloseable {
    /**
     * The columns it takes, by position; rows of other types are cast, and a value that does not fit is a dirty row.
     * Empty when it takes what the reader has.
     */
    default Optional<TypeDescription> schema() {
        return Optional.empty();
    }

    /** The job can go on in a later attempt: finished parts stay when it is closed without a commit. */
    default void keepFinished() {}

    /** The sums of a part that an earlier attempt has finished and that is still there, taken from what is there. */
    default Optional<RowSums> staged(RowPart part) {
        return Optional.empty();
    }

    /** Opens a part for writing, in place of what an earlier attempt wrote of it; called by the thread that reads the part. */
    Part open(RowPart part, DirtySink dirty);

    /**
     * All parts are written: proves, before {@link #commit}, that the target has them as they were read, as far as it can tell
     * the job's rows from others and add them up.
     *
     * @throws io.granary.warehouse.error.GranaryException naming the column and both numbers where they differ
     */
    default void verify(ReadRows read) {}

    /** All parts are written: makes them visible to those who read the target, all at once where the target can do that. */
    void commit();

    /** The job has failed: writes that wait for the target are to end soon, by any exception. Called by any thread. */
    default void stop() {}

    /** Takes back what is not committed. */
    @Override
    void close();

    /** One part that is being written. */
    interface Part extends AutoCloseable {
        /** Writes all rows of the batch, which may be used again afterwards. */
        void write(VectorizedRowBatch batch);

        /**
         * The part is complete and on disk.
         *
         * @return the sums of what was written, taken from what was written (such as an ORC footer), not from what was read;
         *     no columns where only rows are counted
         */
        RowSums finish();

        /** Drops the part when it is not finished. */
        @Override
        void close();
    }
}
