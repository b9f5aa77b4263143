package io.granary.streaming.reconcile;

import io.granary.streaming.store.Delta;
import io.granary.streaming.store.RedisNodes;
import io.granary.streaming.store.RedisRetry;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.MeasureNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What sets and sketches of a comparison must get and lose. A sketch cannot forget: it only gets what it lacks, one member
 * for each register.
 */
record Members(RedisNodes nodes, RedisRetry retry, Reconciliation reconciliation, Comparison found) {
    private static final int PAGE = 50;

    void addTo(List<Delta> deltas, MeasureNode measure) {
        if (!measure.keepsMembers() && !measure.isSketch()) {
            return;
        }
        List<Difference> differing = found.differences().stream()
                .filter(d -> d.cell().measure().equals(measure.name()))
                .filter(d -> !measure.isSketch() || d.isToCorrect())
                .toList();
        for (int from = 0; from < differing.size(); from += PAGE) {
            page(deltas, measure, differing.subList(from, Math.min(from + PAGE, differing.size())));
        }
    }

    private void page(List<Delta> deltas, MeasureNode measure, List<Difference> differing) {
        Scope scope = found.scope();
        List<Cell> younger = cells(differing, d -> d.beforeStart() == 0);
        List<Cell> older = cells(differing, d -> d.beforeStart() != 0);
        Map<Cell, Set<String>> wanted = new HashMap<>(new SqlNumbers(reconciliation.sql(), scope, scope.counter())
                .members(measure, younger, reconciliation.published(scope)));
        // the table also has what came before the counter began
        wanted.putAll(new SqlNumbers(
                        reconciliation.sql(), scope, reconciliation.log().past().counted())
                .members(measure, older, found.evidence().rows()));
        for (Difference difference : differing) {
            Cell cell = difference.cell();
            Set<String> all = new HashSet<>(wanted.getOrDefault(cell, Set.of()));
            all.addAll(found.evidence().notSealed().members().getOrDefault(cell, Set.of()));
            cell(deltas, measure, difference, all);
        }
    }

    private static List<Cell> cells(List<Difference> differing, java.util.function.Predicate<Difference> which) {
        return differing.stream().filter(which).map(Difference::cell).toList();
    }

    private void cell(List<Delta> deltas, MeasureNode measure, Difference difference, Set<String> wanted) {
        Cell cell = difference.cell();
        CounterNode counter = found.scope().counter().node();
        String key = RedisNumbers.key(counter, measure, cell);
        int shard = cell.shard(counter.qualifiedName());
        long expiresAt = found.scope().expiresAt(cell.window(), cell.bucket());
        if (measure.isSketch()) {
            highest(wanted).forEach(member -> deltas.add(Delta.sketch(shard, key, member, expiresAt, 0)));
            return;
        }
        Set<String> present = retry.call(() -> nodes.commands().smembers(key));
        wanted.stream()
                .filter(member -> !present.contains(member))
                .forEach(member -> deltas.add(Delta.member(shard, key, member, expiresAt, 0)));
        if (present.size() != difference.redis()) {
            // the stream has added members since the set was compared, which the table does not have yet
            return;
        }
        present.stream()
                .filter(member -> !wanted.contains(member))
                .forEach(member -> deltas.add(Delta.remove(shard, key, member, expiresAt)));
    }

    /** Of each register the member that ranks highest: the others change nothing. */
    private static List<String> highest(Set<String> members) {
        Map<Integer, String> best = new HashMap<>();
        Map<Integer, Integer> ranks = new HashMap<>();
        for (String member : members) {
            int place = Sketch.place(member);
            int register = Sketch.register(place);
            if (place > ranks.getOrDefault(register, -1)) {
                ranks.put(register, place);
                best.put(register, member);
            }
        }
        return new ArrayList<>(best.values());
    }
}
