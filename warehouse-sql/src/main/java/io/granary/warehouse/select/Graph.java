package io.granary.warehouse.select;

import io.granary.warehouse.manifest.Edge;
import io.granary.warehouse.manifest.Manifest;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who reads whom in a compiled project. Holds ids; a node that reads its own table does not wait for itself. */
public final class Graph {
    private final Map<String, Set<String>> inputs = new LinkedHashMap<>();
    private final Map<String, Set<String>> readers = new LinkedHashMap<>();

    private Graph() {}

    public static Graph of(Manifest manifest) {
        Graph graph = new Graph();
        manifest.sources().forEach(n -> graph.add(n.id()));
        manifest.models().forEach(n -> graph.add(n.id()));
        manifest.counters().forEach(n -> graph.add(n.id()));
        manifest.exports().forEach(n -> graph.add(n.id()));
        manifest.reports().forEach(n -> graph.add(n.id()));
        manifest.metrics().forEach(n -> graph.add(n.id()));
        manifest.seeds().forEach(n -> graph.add(n.id()));
        for (Edge edge : manifest.edges()) {
            if (!edge.from().equals(edge.to())) {
                graph.add(edge.from());
                graph.add(edge.to());
                graph.inputs.get(edge.to()).add(edge.from());
                graph.readers.get(edge.from()).add(edge.to());
            }
        }
        return graph;
    }

    private void add(String id) {
        inputs.computeIfAbsent(id, k -> new LinkedHashSet<>());
        readers.computeIfAbsent(id, k -> new LinkedHashSet<>());
    }

    /** All it depends on, over any number of steps. */
    public Set<String> ancestors(String id) {
        return reach(id, inputs, Integer.MAX_VALUE);
    }

    /** All it depends on over at most {@code steps} steps. */
    public Set<String> ancestors(String id, int steps) {
        return reach(id, inputs, steps);
    }

    /** All that depend on it, over any number of steps. */
    public Set<String> descendants(String id) {
        return reach(id, readers, Integer.MAX_VALUE);
    }

    /** All that depend on it over at most {@code steps} steps. */
    public Set<String> descendants(String id, int steps) {
        return reach(id, readers, steps);
    }

    private static Set<String> reach(String id, Map<String, Set<String>> next, int steps) {
        Set<String> reached = new LinkedHashSet<>();
        Set<String> front = next.getOrDefault(id, Set.of());
        for (int step = 0; step < steps && !front.isEmpty(); step++) {
            Set<String> following = new LinkedHashSet<>();
            for (String found : front) {
                if (reached.add(found)) {
                    following.addAll(next.get(found));
                }
            }
            front = following;
        }
        return reached;
    }

    /** The given nodes, each after all it depends on; where both orders would do, as they stand in the manifest. */
    public List<String> ordered(Collection<String> ids) {
        Set<String> placed = new LinkedHashSet<>();
        Set<String> wanted = new LinkedHashSet<>(ids);
        for (String id : inputs.keySet()) {
            if (wanted.contains(id)) {
                place(id, wanted, placed, new LinkedHashSet<>());
            }
        }
        return List.copyOf(placed);
    }

    private void place(String id, Set<String> wanted, Set<String> placed, Set<String> visited) {
        if (!visited.add(id)) {
            return;
        }
        for (String input : inputs.getOrDefault(id, Set.of())) {
            place(input, wanted, placed, visited);
        }
        if (wanted.contains(id)) {
            placed.add(id);
        }
    }

    /** Which of {@code among} a node has to wait for, also over nodes that are not among them. */
    public Set<String> dependencies(String id, Collection<String> among) {
        Set<String> found = ancestors(id);
        found.retainAll(new LinkedHashSet<>(among));
        return found;
    }
}
