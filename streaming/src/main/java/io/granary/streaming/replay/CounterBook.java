package io.granary.streaming.replay;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The counters of a query, as {@code counters.json} in its checkpoint has them.
 *
 * @param counters by {@code <subject>.<name>}
 * @param removed are defined no more, but may have keys
 */
public record CounterBook(Map<String, CounterStart> counters, List<String> removed) {
    static final String FILE = "counters.json";

    public CounterBook {
        counters = Map.copyOf(counters);
        removed = List.copyOf(removed);
    }

    /** Those whose past must yet be counted. */
    List<String> toReplay() {
        return counters.entrySet().stream()
                .filter(c -> c.getValue().pending())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    CounterBook replayed(Collection<String> names) {
        Map<String, CounterStart> next = new TreeMap<>(counters);
        names.forEach(name -> next.computeIfPresent(name, (n, start) -> start.replayed()));
        return new CounterBook(next, removed);
    }

    CounterBook wiped() {
        return new CounterBook(counters, List.of());
    }

    /** All that may have keys. */
    Collection<String> names() {
        TreeSet<String> all = new TreeSet<>(counters.keySet());
        all.addAll(removed);
        return all;
    }
}
