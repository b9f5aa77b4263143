package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.row.RowPart;
import io.granary.ingestion.sync.row.RowSums;

/**
 * A part that is staged.
 *
 * @param written sums of what was written
 * @param source sums of the source in the view that was read, or null where the source cannot count
 * @param fingerprint text that the source computes over the part's rows in the view that was read (a checksum over all
 *     columns); null where it cannot. A later attempt may keep the part only when the source still has the same one
 * @param dirty rows that were left out
 */
public record PartReport(RowPart part, RowSums written, RowSums source, String fingerprint, long dirty) {}
