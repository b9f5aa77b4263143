package io.granary.batch.compile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The order in which tables can be built, and the cycles that forbid one. */
final class ModelOrder {
    private final SortedMap<String, Set<String>> inputs;

    /** @param inputs for each model's table, the tables of models that it reads */
    ModelOrder(Map<String, ? extends Collection<String>> inputs) {
        this.inputs = new TreeMap<>();
        inputs.forEach((table, reads) -> this.inputs.put(table, new TreeSet<>(reads)));
    }

    /** Tables so that each comes after what it reads; among those that could come next, by name. */
    List<String> sorted() {
        List<String> order = new ArrayList<>();
        Set<String> done = new HashSet<>();
        TreeSet<String> waiting = new TreeSet<>(inputs.keySet());
        while (!waiting.isEmpty()) {
            String next = waiting.stream()
                    .filter(table -> done.containsAll(inputs.get(table)))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("the models have a cycle: " + waiting));
            waiting.remove(next);
            done.add(next);
            order.add(next);
        }
        return order;
    }

    /** As {@link #sorted}; models of a cycle, and those that wait for them, come last, by name. */
    List<String> possible() {
        List<String> order = new ArrayList<>();
        TreeSet<String> waiting = new TreeSet<>(inputs.keySet());
        while (!waiting.isEmpty()) {
            String next = waiting.stream()
                    .filter(table -> inputs.get(table).stream().noneMatch(waiting::contains))
                    .findFirst()
                    .orElse(waiting.first());
            waiting.remove(next);
            order.add(next);
        }
        return order;
    }

    /** Each cycle as a path whose last table is its first; a model in several cycles is shown in one of them at least. */
    List<List<String>> cycles() {
        List<List<String>> cycles = new ArrayList<>();
        Set<String> done = new HashSet<>();
        for (String table : inputs.keySet()) {
            follow(table, new LinkedHashSet<>(), done, cycles);
        }
        return cycles;
    }

    private void follow(String table, LinkedHashSet<String> path, Set<String> done, List<List<String>> cycles) {
        if (path.contains(table)) {
            List<String> whole = new ArrayList<>(path);
            List<String> cycle = new ArrayList<>(whole.subList(whole.indexOf(table), whole.size()));
            cycle.add(table);
            cycles.add(List.copyOf(cycle));
            return;
        }
        if (done.contains(table)) {
            return;
        }
        path.add(table);
        inputs.getOrDefault(table, Set.of()).forEach(input -> follow(input, path, done, cycles));
        path.remove(table);
        done.add(table);
    }
}
