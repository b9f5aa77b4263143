package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.job.DataxJob;

/** Runs a job: {@code native} in this process, {@code spark} on the cluster, {@code datax} by an installed DataX. */
public interface Engine {
    /**
     * Runs the job to its end.
     *
     * @param log parts that an earlier attempt staged; {@link PartLog#NONE} for a job that is not resumed
     * @throws io.granary.warehouse.error.GranaryException when a row is left out beyond the errorLimit, or the job cannot be
     *     done; then nobody has seen any of its rows
     */
    JobReport run(DataxJob job, PartLog log);
}
