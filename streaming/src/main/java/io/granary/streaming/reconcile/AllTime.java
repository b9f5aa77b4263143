package io.granary.streaming.reconcile;

import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.warehouse.redis.Windows;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * The window {@code total} of a counter.
 *
 * @param days all days of the log
 * @param unbuilt those of which the batch table has nothing yet
 */
record AllTime(ZonedCounter counter, LocalDate ds, Instant now, List<String> days, List<String> unbuilt)
        implements Scope {
    static boolean isOf(ZonedCounter counter) {
        return counter.node().windows().contains(Windows.TOTAL);
    }

    @Override
    public List<String> windows() {
        return List.of(Windows.TOTAL);
    }

    @Override
    public List<Long> buckets(String window) {
        return List.of(0L);
    }

    @Override
    public boolean holds(Cell cell) {
        return cell.window().equals(Windows.TOTAL);
    }

    @Override
    public long expiresAt(String window, long bucket) {
        return 0;
    }
}
