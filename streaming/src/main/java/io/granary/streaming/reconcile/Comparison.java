package io.granary.streaming.reconcile;

import java.util.List;

/**
 * What was found of a counter.
 *
 * @param differences those that are not 0, unexplained ones first
 * @param ranks places in top lists that say other than the counter
 * @param cells how many numbers were compared
 * @param more rows that are counted under {@code %more}
 */
record Comparison(CounterDay day, List<Difference> differences, List<Place> ranks, long cells, long more) {

    /** A place in a top list; {@code number} is what the counter says. */
    record Place(RedisNumbers.Rank rank, long score, long number) {
        Difference difference() {
            Cell cell = rank.cell()
                    .of("top " + rank.top().measure() + " within " + rank.top().within());
            return new Difference(cell, score, number, 0, 0, 0, 0, 0, score - number);
        }
    }

    String counter() {
        return day.counter().node().qualifiedName();
    }

    /** Also those of top lists. */
    List<Difference> all() {
        return java.util.stream.Stream.concat(ranks.stream().map(Place::difference), differences.stream())
                .sorted(java.util.Comparator.comparing((Difference d) -> -Math.abs(d.unexplained())))
                .toList();
    }

    List<Difference> unexplained() {
        return all().stream().filter(d -> d.unexplained() != 0).toList();
    }
}
