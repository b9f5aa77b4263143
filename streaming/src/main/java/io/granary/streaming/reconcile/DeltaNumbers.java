package io.granary.streaming.reconcile;

import io.granary.streaming.store.Delta;
import io.granary.warehouse.redis.CounterKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What deltas give, cell by cell.
 *
 * @param added to numbers
 * @param members of sets, and of sketches those that may change them
 */
record DeltaNumbers(Map<Cell, Long> added, Map<Cell, Set<String>> members) {
    static final DeltaNumbers NONE = new DeltaNumbers(Map.of(), Map.of());

    static DeltaNumbers of(List<Delta> deltas, Scope scope) {
        DeltaNumbers numbers = new DeltaNumbers(new HashMap<>(), new HashMap<>());
        for (Delta delta : deltas) {
            CounterKey key = CounterKey.parse(delta.key()).orElseThrow();
            if (key.kind() == CounterKey.Kind.VALUES) {
                int at = delta.field().lastIndexOf('#');
                Cell cell = new Cell(
                        key.window(),
                        key.bucket(),
                        delta.field().substring(0, at),
                        delta.field().substring(at + 1));
                if (scope.holds(cell)) {
                    numbers.added().merge(cell, delta.amount(), Long::sum);
                }
            } else if (key.kind() == CounterKey.Kind.MEMBERS || key.kind() == CounterKey.Kind.SKETCH) {
                Cell cell = new Cell(key.window(), key.bucket(), key.by(), key.measure());
                if (scope.holds(cell)) {
                    numbers.members()
                            .computeIfAbsent(cell, c -> new HashSet<>())
                            .add(delta.field());
                }
            }
        }
        return numbers;
    }

    boolean isEmpty() {
        return added.isEmpty() && members.isEmpty();
    }
}
