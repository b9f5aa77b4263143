package io.granary.streaming.store;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** How often fences did not take a slice, by cause. */
final class Rejections {
    private final Map<String, LongAdder> counts = new TreeMap<>(Map.of(
            "repeated", new LongAdder(),
            "gap", new LongAdder(),
            "missing", new LongAdder(),
            "foreign", new LongAdder()));

    /** @param reply of {@code apply.lua}: 0 says that the slice was applied before */
    void note(Object reply) {
        if (reply instanceof Long answer && answer == 0) {
            counts.get("repeated").increment();
        }
    }

    /** @param found what a fence said, without {@code FENCE} */
    void note(String found) {
        String cause = found.startsWith("epoch none") ? "missing" : found.startsWith("epoch ") ? "foreign" : "gap";
        counts.get(cause).increment();
    }

    Map<String, Long> counts() {
        return counts.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().sum()));
    }
}
