package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.row.RowPart;
import java.util.List;
import java.util.Optional;

/** What is known of the parts of a job from an attempt that did not finish; safe to use from several threads. */
public interface PartLog {
    /** Nothing is known and nothing is kept. */
    PartLog NONE = of(null);

    /**
     * What is known of one part, for whoever works on that part alone.
     *
     * @param earlier its report, or null when it is not staged
     */
    static PartLog of(PartReport earlier) {
        return new PartLog() {
            @Override
            public List<RowPart> parts() {
                return List.of();
            }

            @Override
            public void parts(List<RowPart> cut) {}

            @Override
            public Optional<PartReport> finished(RowPart part) {
                return Optional.ofNullable(earlier);
            }

            @Override
            public void finish(PartReport report) {}
        };
    }

    /** The parts as the earlier attempt cut them; empty when there was none. */
    List<RowPart> parts();

    /** Keeps how the job is cut, before any part is read. */
    void parts(List<RowPart> cut);

    /** The report of a part that is staged already. */
    Optional<PartReport> finished(RowPart part);

    /** Keeps the report of a part; its rows are staged for good. */
    void finish(PartReport report);
}
