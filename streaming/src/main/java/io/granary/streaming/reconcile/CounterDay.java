package io.granary.streaming.reconcile;

import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.warehouse.redis.Windows;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * The buckets of a counter that end in a day of its zone, are over and have not gone yet; all time is no window of a day.
 *
 * @param now when they are looked at
 */
record CounterDay(ZonedCounter counter, LocalDate ds, Instant now) implements Scope {
    /** A bucket that goes sooner might go while it is looked at. */
    private static final Duration SOON = Duration.ofMinutes(10);

    private long start() {
        return ds.atStartOfDay(counter.zone()).toEpochSecond();
    }

    private long end() {
        return ds.plusDays(1).atStartOfDay(counter.zone()).toEpochSecond();
    }

    @Override
    public List<String> windows() {
        return counter.node().windows().stream()
                .filter(w -> !w.equals(Windows.TOTAL))
                .filter(w -> !buckets(w).isEmpty())
                .toList();
    }

    /** Where midnight is not on the hour, the day before too. */
    @Override
    public List<String> days() {
        boolean isTorn = windows().stream().anyMatch(w -> Windows.bucket(startsAt(), w, counter.zone()) < start());
        return isTorn ? List.of(ds.minusDays(1).toString(), ds.toString()) : List.of(ds.toString());
    }

    private Instant startsAt() {
        return Instant.ofEpochSecond(start());
    }

    @Override
    public List<Long> buckets(String window) {
        List<Long> buckets = new ArrayList<>();
        long bucket = Windows.bucket(startsAt(), window, counter.zone());
        while (Windows.end(bucket, window, counter.zone()) <= end()) {
            if (isHeld(window, bucket)) {
                buckets.add(bucket);
            }
            bucket = Windows.end(bucket, window, counter.zone());
        }
        return buckets;
    }

    @Override
    public boolean holds(Cell cell) {
        long last = Windows.end(cell.bucket(), cell.window(), counter.zone());
        return last > start() && last <= end() && isHeld(cell.window(), cell.bucket());
    }

    private boolean isHeld(String window, long bucket) {
        return Windows.end(bucket, window, counter.zone()) <= now.getEpochSecond()
                && expiresAt(window, bucket) > now.plus(SOON).getEpochSecond();
    }

    @Override
    public long expiresAt(String window, long bucket) {
        return Windows.end(bucket, window, counter.zone())
                + counter.node().ttl().get(window).toSeconds();
    }
}
