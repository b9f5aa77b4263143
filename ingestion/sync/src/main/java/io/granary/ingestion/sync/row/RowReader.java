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

    /** Cuts the rows into parts for so many channels; each row is in exactly one. */
    List<RowPart> parts(int channels);

    /** Reads a part; called by one thread a part, several parts at a time. */
    void read(RowPart part, RowSink sink);

    /** What the source itself counts for the part, in the same view of the data that is read; empty if it cannot count. */
    Optional<RowSums> sums(RowPart part);

    @Override
    void close();
}
