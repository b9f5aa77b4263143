package io.granary.batch.seal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Bytes of a log file that are sealed, a row of {@code ods.granary_log_sealed}.
 *
 * @param collectedAt when its newest bytes were collected
 * @param sealId the seal that made or widened it
 */
record Interval(long startOffset, long endOffset, long firstLine, long lastLine, Instant collectedAt, String sealId) {
    LineRange lines() {
        return new LineRange(firstLine, lastLine);
    }

    boolean meets(long start, long end) {
        return startOffset < end && start < endOffset;
    }

    /**
     * The same bytes and lines in as few intervals as there can be; one that nothing was added to stays as it is, the
     * others are of {@code sealId}.
     */
    static List<Interval> merged(Collection<Interval> known, Collection<Interval> fresh, String sealId) {
        List<Interval> merged = new ArrayList<>();
        Stream.concat(known.stream(), fresh.stream())
                .sorted(Comparator.comparingLong(Interval::startOffset).thenComparing(i -> -i.endOffset))
                .forEach(next -> {
                    Interval last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
                    if (last != null && last.goesOnWith(next)) {
                        merged.set(merged.size() - 1, last.with(next));
                    } else {
                        merged.add(next);
                    }
                });
        return merged.stream().map(i -> known.contains(i) ? i : i.of(sealId)).toList();
    }

    private Interval of(String seal) {
        return new Interval(startOffset, endOffset, firstLine, lastLine, collectedAt, seal);
    }

    /** A file whose lines go on has no bytes in between: what was seeded from tables knows a line's begin only. */
    private boolean goesOnWith(Interval next) {
        return next.startOffset <= endOffset || next.firstLine == lastLine + 1;
    }

    private Interval with(Interval next) {
        if (next.endOffset <= endOffset && next.lastLine <= lastLine) {
            return this;
        }
        return new Interval(
                Math.min(startOffset, next.startOffset),
                Math.max(endOffset, next.endOffset),
                Math.min(firstLine, next.firstLine),
                Math.max(lastLine, next.lastLine),
                collectedAt.isAfter(next.collectedAt) ? collectedAt : next.collectedAt,
                sealId);
    }
}
