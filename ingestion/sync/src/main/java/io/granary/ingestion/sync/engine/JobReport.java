package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.row.RowSums;
import java.util.List;
import java.util.Optional;

/** What a job did, part by part, in the order of the parts. */
public record JobReport(List<PartReport> parts) {
    public JobReport {
        parts = List.copyOf(parts);
    }

    /** Rows written. */
    public long rows() {
        return parts.stream().mapToLong(p -> p.written().rows()).sum();
    }

    /** What the source counts, over all parts; empty where it does not count one of them, or rows were left out. */
    public Optional<RowSums> read() {
        boolean known = dirty() == 0 && parts.stream().allMatch(part -> part.source() != null);
        return known ? parts.stream().map(PartReport::source).reduce(RowSums::plus) : Optional.empty();
    }

    /** Rows left out. */
    public long dirty() {
        return parts.stream().mapToLong(PartReport::dirty).sum();
    }
}
