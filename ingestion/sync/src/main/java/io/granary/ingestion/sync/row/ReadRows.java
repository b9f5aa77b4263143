package io.granary.ingestion.sync.row;

import java.util.Optional;
import org.apache.orc.TypeDescription;

/**
 * All rows of a job as they were sent to its target, for the target to compare with what it has.
 *
 * @param schema their columns
 * @param rows how many
 * @param sums what the source counts of them; empty where it does not count, or where rows were changed or left out on the way
 */
public record ReadRows(TypeDescription schema, long rows, Optional<RowSums> sums) {}
