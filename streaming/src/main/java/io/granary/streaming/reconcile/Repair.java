package io.granary.streaming.reconcile;

import io.granary.streaming.store.Correction;
import io.granary.streaming.store.Delta;
import io.granary.streaming.store.RedisNodes;
import io.granary.streaming.store.RedisRetry;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.TopNode;
import io.granary.warehouse.redis.RedisKeys;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Makes Redis say what the batch table says, by differences. While it works, readers are told that the counters are being
 * rebuilt, as numbers may go down.
 */
record Repair(String query, RedisNodes nodes, RedisRetry retry, Clock clock) {
    /**
     * Compares once more and changes what differs.
     *
     * @param compare reads Redis anew
     * @return what was changed
     */
    Comparison run(Reconciliation reconciliation, Supplier<Comparison> compare) {
        Correction correction = Correction.begin(query, nodes, retry, clock);
        Comparison found = compare.get();
        List<Delta> deltas = deltas(found, reconciliation);
        // also without a change: it ends what one that died has announced
        correction.announce();
        try {
            correction.apply(deltas);
        } finally {
            correction.settle(clock);
        }
        return found;
    }

    private List<Delta> deltas(Comparison found, Reconciliation reconciliation) {
        Scope day = found.scope();
        List<Delta> deltas = new ArrayList<>();
        Map<Cell, List<Difference>> combinations = new LinkedHashMap<>();
        found.differences()
                .forEach(d -> combinations
                        .computeIfAbsent(d.cell().of(Cell.ROWS), c -> new ArrayList<>())
                        .add(d));
        combinations.values().forEach(differences -> numbers(day, differences, deltas));
        ranks(found, deltas);
        Members members = new Members(nodes, retry, reconciliation, found);
        day.counter().node().measures().forEach(measure -> members.addTo(deltas, measure));
        return deltas;
    }

    /** Rows in front: they decide where the combination's other numbers go. */
    private static void numbers(Scope day, List<Difference> differences, List<Delta> deltas) {
        CounterNode counter = day.counter().node();
        differences.stream()
                .filter(d -> isNumber(counter, d.cell()) && d.target() != d.redis())
                .sorted(java.util.Comparator.comparing(d -> d.cell().measure()))
                .forEach(d -> {
                    Cell cell = d.cell();
                    int shard = cell.shard(counter.qualifiedName());
                    deltas.add(Delta.add(
                            shard,
                            RedisKeys.values(shard, counter.qualifiedName(), cell.window(), cell.bucket()),
                            RedisKeys.field(cell.redisBy(), cell.measure()),
                            d.target() - d.redis(),
                            day.expiresAt(cell.window(), cell.bucket()),
                            cell.isMore() ? 0 : RedisKeys.limit(counter.maxKeys())));
                });
    }

    private static boolean isNumber(CounterNode counter, Cell cell) {
        return counter.measures().stream()
                .filter(m -> m.name().equals(cell.measure()))
                .noneMatch(m -> m.keepsMembers() || m.isSketch());
    }

    /** A list follows its counter, and what it said other than its counter goes. */
    private static void ranks(Comparison found, List<Delta> deltas) {
        CounterNode counter = found.scope().counter().node();
        for (TopNode top : counter.top()) {
            Map<Cell, Long> changes = new HashMap<>();
            found.differences().stream()
                    .filter(d -> d.cell().measure().equals(top.measure())
                            && !d.cell().isMore())
                    .forEach(d -> changes.merge(d.cell(), d.target() - d.redis(), Long::sum));
            found.ranks().stream()
                    .filter(place -> place.rank().top().equals(top))
                    .forEach(place -> changes.merge(place.rank().cell(), place.number() - place.score(), Long::sum));
            changes.forEach((cell, change) -> {
                if (change != 0) {
                    deltas.add(Delta.rank(
                            cell.shard(counter.qualifiedName()),
                            RedisNumbers.key(counter, top, cell),
                            cell.by(),
                            change,
                            found.scope().expiresAt(cell.window(), cell.bucket()),
                            RedisKeys.limit(counter.maxKeys())));
                }
            });
        }
    }
}
