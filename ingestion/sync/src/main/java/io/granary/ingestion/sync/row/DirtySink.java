package io.granary.ingestion.sync.row;

/** Takes the rows of a part that cannot be kept. */
@FunctionalInterface
public interface DirtySink {
    /**
     * A row that cannot be kept as it is; it is counted against the job's {@code errorLimit}.
     *
     * @throws io.granary.warehouse.error.GranaryException when the limit is passed: the job ends
     */
    void dirty(DirtyRow row);
}
