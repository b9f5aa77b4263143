package io.granary.streaming.reconcile;

import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.warehouse.manifest.MeasureNode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/** Which buckets of a counter are compared. */
sealed interface Scope permits CounterDay, AllTime {
    ZonedCounter counter();

    /** The day under which they are reported. */
    LocalDate ds();

    /** When they are looked at. */
    Instant now();

    List<String> windows();

    List<Long> buckets(String window);

    boolean holds(Cell cell);

    /** The days whose rows are in these buckets. */
    List<String> days();

    /** Epoch seconds; 0 = never. */
    long expiresAt(String window, long bucket);

    /** The measure of a cell; null for its rows. */
    default MeasureNode measure(Cell cell) {
        return counter().node().measures().stream()
                .filter(m -> m.name().equals(cell.measure()))
                .findFirst()
                .orElse(null);
    }

    default Difference.Kind kind(Cell cell) {
        MeasureNode measure = measure(cell);
        if (measure == null || !(measure.keepsMembers() || measure.isSketch())) {
            return Difference.Kind.ADDED;
        }
        return measure.isSketch() ? Difference.Kind.SKETCH : Difference.Kind.DISTINCT;
    }
}
