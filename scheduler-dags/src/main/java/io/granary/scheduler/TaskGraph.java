package io.granary.scheduler;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;

/** Which task comes after which, while it is being put together. Tasks have the order in which they were given. */
final class TaskGraph {
    private final List<String> tasks;
    private final Map<String, Integer> index = new HashMap<>();
    private final List<TreeSet<Integer>> before = new ArrayList<>();
    private final List<TreeSet<Integer>> behind = new ArrayList<>();

    TaskGraph(Collection<String> tasks) {
        this.tasks = List.copyOf(tasks);
        for (String task : this.tasks) {
            index.put(task, index.size());
            before.add(new TreeSet<>());
            behind.add(new TreeSet<>());
        }
    }

    void add(String from, String to) {
        before.get(index.get(to)).add(index.get(from));
        behind.get(index.get(from)).add(index.get(to));
    }

    /**
     * The tasks in an order that can be run, each with what it comes directly after: an edge that a longer way already
     * says is left out.
     *
     * @throws GranaryException DEFINITION when there is a cycle, naming it
     */
    Map<String, Set<String>> reduced() {
        Map<String, Set<String>> reduced = new LinkedHashMap<>();
        List<BitSet> ancestors = new ArrayList<>();
        tasks.forEach(task -> ancestors.add(new BitSet()));
        for (int task : order()) {
            BitSet farther = new BitSet();
            for (int direct : before.get(task)) {
                farther.or(ancestors.get(direct));
            }
            Set<String> after = new LinkedHashSet<>();
            for (int direct : before.get(task)) {
                if (!farther.get(direct)) {
                    after.add(tasks.get(direct));
                }
                ancestors.get(task).set(direct);
            }
            ancestors.get(task).or(farther);
            reduced.put(tasks.get(task), after);
        }
        return reduced;
    }

    /** Kahn's algorithm; of the tasks that may come next, the one that was given first. */
    private List<Integer> order() {
        int[] open = new int[tasks.size()];
        PriorityQueue<Integer> ready = new PriorityQueue<>();
        for (int task = 0; task < open.length; task++) {
            open[task] = before.get(task).size();
            if (open[task] == 0) {
                ready.add(task);
            }
        }
        List<Integer> order = new ArrayList<>();
        while (!ready.isEmpty()) {
            int task = ready.poll();
            order.add(task);
            for (int next : behind.get(task)) {
                if (--open[next] == 0) {
                    ready.add(next);
                }
            }
        }
        if (order.size() < tasks.size()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "tasks wait for each other in a circle: " + String.join(" -> ", cycle(open))
                            + ". Models of these layers read each other's tables; move one of them to another layer.");
        }
        return order;
    }

    /** A cycle among the tasks that stayed open: each of them has one of them before it, so going back must meet one twice. */
    private List<String> cycle(int[] open) {
        int task = 0;
        while (open[task] == 0) {
            task++;
        }
        Deque<Integer> way = new ArrayDeque<>();
        while (!way.contains(task)) {
            way.push(task);
            int at = task;
            task = before.get(at).stream().filter(b -> open[b] > 0).findFirst().orElseThrow();
        }
        List<String> names = new ArrayList<>();
        names.add(tasks.get(task));
        for (int step : way) {
            names.add(tasks.get(step));
            if (step == task) {
                break;
            }
        }
        return names;
    }
}
