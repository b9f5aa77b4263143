package io.granary.ingestion.sync.row;

import java.util.List;
import java.util.Optional;
import org.apache.orc.TypeDescription;

/**
 * Where a job's rows come from. Rows travel in ORC's column batches, whatever the reader and the writer are: no object a
 * row. All parts show the source as it was at one moment, if the source can do that.
 */
public interface RowReader extends AutoCloseable {
    /** Names and types of the columns, in their order in a batch. Date-times are wall clocks, kept as if they were UTC. */
    TypeDescription schema();

    /**
     * Cuts the rows into parts for so many channels; each row is in exactly one, also of rows that come to be later. Not
     * called when an earlier attempt has cut them.
     */
    List<RowPart> parts(int channels);

    /** Reads a part; called by one thread a part, several parts at a time. */
    void read(RowPart part, RowSink sink);

    /** What the source itself counts for the part, in the same view of the data that is read; empty if it cannot count. */
    Optional<RowSums> sums(RowPart part);

    /**
     * A text that the source computes over all columns of the part's rows, in the same view of the data: while it is the
     * same, so are the rows. Empty if it cannot; such a part is read anew by each attempt.
     */
    default Optional<String> fingerprint(RowPart part) {
        return Optional.empty();
    }

    /** The job has failed: reads that wait for the source are to end soon, by any exception. Called by any thread. */
    default void stop() {}

    @Override
    void close();
}
