package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.row.RowPart;

/** Hears how a job goes on; called by several threads, for every some thousand rows. */
public interface Progress {
    Progress NONE = new Progress() {};

    /** The job is cut. */
    default void parts(int count) {}

    default void read(long rows, long bytes) {}

    default void dirty() {}

    /** A part is complete, or {@code kept} from an earlier attempt. */
    default void finished(RowPart part, boolean kept) {}
}
