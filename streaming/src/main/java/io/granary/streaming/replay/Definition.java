package io.granary.streaming.replay;

import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.MeasureNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What of a counter's definition its numbers depend on. All else may change from one start to the next. */
final class Definition {
    private Definition() {}

    /** By the key of its file. */
    static Map<String, String> parts(ZonedCounter counter) {
        CounterNode node = counter.node();
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("from", node.from());
        parts.put("time", node.time());
        parts.put("where", node.where() == null ? "" : node.where().strip());
        parts.put("by", node.by().toString());
        parts.put("windows", node.windows().stream().sorted().toList().toString());
        parts.put(
                "measures",
                node.measures().stream().map(Definition::text).sorted().toList().toString());
        List<String> lists = node.top().stream()
                .map(top -> top.measure() + " within " + top.within())
                .sorted()
                .toList();
        parts.put("top", lists.toString());
        parts.put("time_zone", counter.zone().getId());
        return parts;
    }

    private static String text(MeasureNode measure) {
        String text = measure.name() + ": " + measure.type();
        return measure.type().equals("count")
                ? text
                : text + " of " + measure.column() + (measure.keepsMembers() ? ", exact" : "");
    }

    /** What differs, for people. */
    static Optional<String> difference(Map<String, String> before, Map<String, String> now) {
        List<String> changes = now.keySet().stream()
                .filter(part -> !now.get(part).equals(before.getOrDefault(part, now.get(part))))
                .map(part -> part + " was '" + before.get(part) + "' and is '" + now.get(part) + "'")
                .toList();
        return changes.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", changes));
    }
}
