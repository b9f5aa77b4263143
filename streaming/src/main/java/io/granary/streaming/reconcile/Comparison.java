package io.granary.streaming.reconcile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What was found of a counter.
 *
 * @param differences those that are not 0
 * @param ranks places in top lists that say other than the counter
 * @param cells how many numbers were compared
 * @param more rows that are counted under {@code %more}
 * @param evidence what corrections need
 * @param notes what was not compared, or helps to understand, for people
 */
record Comparison(
        Scope scope,
        List<Difference> differences,
        List<Place> ranks,
        long cells,
        long more,
        Evidence evidence,
        List<String> notes) {

    /**
     * @param notSealed what counted lines give that are not sealed
     * @param rows relation of the rows that the counter counted, of sealed lines; null when that was not asked for
     */
    record Evidence(DeltaNumbers notSealed, String rows) {
        static final Evidence NONE = new Evidence(DeltaNumbers.NONE, null);
    }

    /** A place in a top list; {@code number} is what the counter says. */
    record Place(RedisNumbers.Rank rank, long score, long number) {
        Difference difference() {
            Cell cell = rank.cell()
                    .of("top " + rank.top().measure() + " within " + rank.top().within());
            return new Difference(cell, score, number, 0, 0, 0, 0, 0, 0, 0, score - number);
        }
    }

    static Comparison nothing(Scope scope) {
        return new Comparison(scope, List.of(), List.of(), 0, 0, Evidence.NONE, List.of());
    }

    String counter() {
        return scope.counter().node().qualifiedName();
    }

    /** Both in one, to be shown. */
    Comparison and(Comparison other) {
        return new Comparison(
                scope,
                both(differences, other.differences),
                both(ranks, other.ranks),
                cells + other.cells,
                more + other.more,
                evidence,
                both(notes, other.notes));
    }

    Comparison noting(String note) {
        return new Comparison(scope, differences, ranks, cells, more, evidence, both(notes, List.of(note)));
    }

    private static <T> List<T> both(List<T> some, List<T> others) {
        List<T> both = new ArrayList<>(some);
        both.addAll(others);
        return both;
    }

    /** Also those of top lists; unexplained ones first. */
    List<Difference> all() {
        return Stream.concat(ranks.stream().map(Place::difference), differences.stream())
                .sorted(Comparator.comparing((Difference d) -> -Math.abs(d.unexplained())))
                .toList();
    }

    List<Difference> unexplained() {
        return all().stream().filter(d -> d.unexplained() != 0).toList();
    }
}
