package io.granary.batch.seal;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One file's books in one seal, by what was sealed before and what the headers of the landed records say.
 *
 * @param known intervals sealed before
 * @param islands what has landed
 * @param missing lines of this file that are counted as missing so far
 */
record FileLedger(LogFile file, List<Interval> known, List<Island> islands, List<MissingLines> missing) {
    FileLedger {
        known = List.copyOf(known);
        islands = List.copyOf(islands);
        missing = List.copyOf(missing);
    }

    /** Whether some bytes are there twice: then bodies have to be looked at to count duplicates. */
    boolean hasOverlaps() {
        List<Island> seen = new ArrayList<>();
        for (Island island : islands) {
            if (island.overlapsItself()
                    || Stream.concat(known.stream(), seen.stream().map(i -> i.sealedBy("")))
                            .anyMatch(i -> i.meets(island.startOffset(), island.endOffset()))) {
                return true;
            }
            seen.add(island);
        }
        return false;
    }

    /** Those known intervals that what has landed meets. */
    List<Interval> met() {
        return known.stream()
                .filter(k -> islands.stream().anyMatch(i -> k.meets(i.startOffset(), i.endOffset())))
                .toList();
    }

    /** The intervals after this seal. */
    List<Interval> sealed(String sealId) {
        return Interval.merged(
                known, islands.stream().map(i -> i.sealedBy(sealId)).toList(), sealId);
    }

    /** Lines that are missing after this seal: holes that it shows, and what was missing and did not come. */
    List<MissingLines> missingAfter() {
        List<MissingLines> after = new ArrayList<>(
                missing.stream().flatMap(m -> m.minus(landed()).stream()).toList());
        for (LineRange hole : newHoles()) {
            Island behind = islands.stream()
                    .filter(i -> i.firstLine() > hole.last())
                    .reduce((a, b) -> a.firstLine() <= b.firstLine() ? a : b)
                    .orElse(islands.get(0));
            after.add(new MissingLines(file, behind.site(), behind.hour(), hole));
        }
        return after;
    }

    /** By hour, how many more lines are missing than before; less when missing lines came. */
    SortedMap<CollectedHour, Long> missingChange() {
        SortedMap<CollectedHour, Long> change = new TreeMap<>();
        missing.forEach(m -> change.merge(m.hour(), -m.range().size(), Long::sum));
        missingAfter().forEach(m -> change.merge(m.hour(), m.range().size(), Long::sum));
        change.values().removeIf(n -> n == 0);
        return change;
    }

    /** Lines that have not landed and are not counted as missing, of those that the agent says it read. */
    List<LineRange> outstanding(long lines) {
        List<LineRange> accounted = new ArrayList<>(covered());
        accounted.addAll(LineRange.holes(knownLines()));
        missingAfter().forEach(m -> accounted.add(m.range()));
        return new LineRange(1, lines).minus(accounted);
    }

    /** The byte behind the line before {@code line}, as far as it landed. */
    long landedEnd(long line) {
        return Stream.concat(known.stream(), islands.stream().map(i -> i.sealedBy("")))
                .filter(i -> i.firstLine() < line)
                .mapToLong(Interval::endOffset)
                .max()
                .orElse(0);
    }

    /** All lines that have landed, now or before. */
    List<LineRange> covered() {
        return Stream.concat(knownLines().stream(), landed().stream()).toList();
    }

    private List<LineRange> knownLines() {
        return known.stream().map(Interval::lines).toList();
    }

    private List<LineRange> landed() {
        return islands.stream().map(Island::range).toList();
    }

    private List<LineRange> newHoles() {
        if (islands.isEmpty()) {
            return List.of();
        }
        List<LineRange> before = new ArrayList<>(LineRange.holes(knownLines()));
        missing.forEach(m -> before.add(m.range()));
        return LineRange.minus(LineRange.holes(covered()), before);
    }
}
