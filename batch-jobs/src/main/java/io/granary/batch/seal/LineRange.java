package io.granary.batch.seal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Lines of a file by their numbers, from 1; both ends belong to it. */
record LineRange(long first, long last) {
    long size() {
        return last - first + 1;
    }

    static long size(Collection<LineRange> ranges) {
        return ranges.stream().mapToLong(LineRange::size).sum();
    }

    /** The same lines in order, each once. */
    static List<LineRange> merged(Collection<LineRange> ranges) {
        List<LineRange> merged = new ArrayList<>();
        ranges.stream()
                .filter(r -> r.last >= r.first)
                .sorted(Comparator.comparingLong(LineRange::first))
                .forEach(r -> {
                    LineRange before = merged.isEmpty() ? null : merged.get(merged.size() - 1);
                    if (before != null && r.first <= before.last + 1) {
                        merged.set(merged.size() - 1, new LineRange(before.first, Math.max(before.last, r.last)));
                    } else {
                        merged.add(r);
                    }
                });
        return merged;
    }

    /** The lines of this range that are in none of {@code others}. */
    List<LineRange> minus(Collection<LineRange> others) {
        List<LineRange> left = new ArrayList<>();
        long from = first;
        for (LineRange other : merged(others)) {
            if (other.last < from || other.first > last) {
                continue;
            }
            if (other.first > from) {
                left.add(new LineRange(from, other.first - 1));
            }
            from = other.last + 1;
        }
        if (from <= last) {
            left.add(new LineRange(from, last));
        }
        return left;
    }

    /** {@link #minus(Collection)} of several. */
    static List<LineRange> minus(Collection<LineRange> ranges, Collection<LineRange> others) {
        return merged(ranges).stream().flatMap(r -> r.minus(others).stream()).toList();
    }

    /** The lines below the highest one that are in none of them. */
    static List<LineRange> holes(Collection<LineRange> ranges) {
        long last = ranges.stream().mapToLong(LineRange::last).max().orElse(0);
        return last < 1 ? List.of() : new LineRange(1, last).minus(ranges);
    }
}
