package io.granary.ingestion.sync.engine;

import java.util.List;

/** What a job did, part by part, in the order of the parts. */
public record JobReport(List<PartReport> parts) {
    public JobReport {
        parts = List.copyOf(parts);
    }

    /** Rows written. */
    public long rows() {
        return parts.stream().mapToLong(p -> p.written().rows()).sum();
    }

    /** Rows left out. */
    public long dirty() {
        return parts.stream().mapToLong(PartReport::dirty).sum();
    }
}
