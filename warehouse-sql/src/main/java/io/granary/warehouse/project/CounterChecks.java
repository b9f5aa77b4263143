package io.granary.warehouse.project;

import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.manifest.TopNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a counter says about itself that its schema cannot judge: its lists and how long its windows live. */
record CounterChecks(CounterDefinition counter, Problems problems) {
    void check() {
        for (String window : counter.ttl().keySet()) {
            if (!counter.windows().contains(window)) {
                report(
                        "/ttl/" + window,
                        "ttl names the window " + window + ", which the counter does not have",
                        "Its windows are " + String.join(", ", counter.windows()) + ".");
            }
        }
        for (int i = 0; i < counter.top().size(); i++) {
            top(counter.top().get(i), "/top/" + i);
        }
    }

    private void top(TopNode top, String pointer) {
        List<String> names = counter.measures().stream().map(MeasureNode::name).toList();
        Optional<MeasureNode> measure = counter.measures().stream()
                .filter(m -> m.name().equals(top.measure()))
                .findFirst();
        if (measure.isEmpty()) {
            report(
                    pointer + "/measure",
                    "no measure '" + top.measure() + "'",
                    Suggestion.of(top.measure(), names, "The measures are " + String.join(", ", names) + "."));
        } else if (measure.get().type().equals("distinct")) {
            report(
                    pointer + "/measure",
                    "measure '" + top.measure() + "' is distinct",
                    "A list ranks by a count or a sum.");
        }
        for (int i = 0; i < top.within().size(); i++) {
            if (!counter.by().contains(top.within().get(i))) {
                report(
                        pointer + "/within/" + i,
                        "'" + top.within().get(i) + "' is not in by",
                        "A list is within some of " + String.join(", ", counter.by()) + ".");
            }
        }
        if (Set.copyOf(top.within()).containsAll(counter.by())) {
            report(
                    pointer,
                    "nothing is left to rank: within has all of by",
                    "Leave out of within the columns that are ranked.");
        }
    }

    private void report(String pointer, String what, String hint) {
        problems.add(counter.origin().problem(pointer, what, hint));
    }
}
