package io.granary.serving;

import io.granary.warehouse.select.Suggestion;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds the names a person may have meant. */
final class Nearest {
    private static final int SHOWN = 3;

    private Nearest() {}

    /** A sentence for the end of a message: the near names, or all of them when there are few, or nothing. */
    static String hint(String asked, Collection<String> known) {
        List<String> near = known.stream()
                .filter(name ->
                        Suggestion.distance(asked, name) <= Math.max(2, name.length() / 3) || name.contains(asked))
                .sorted(Comparator.comparingInt((String name) -> Suggestion.distance(asked, name))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(SHOWN)
                .toList();
        if (!near.isEmpty()) {
            return " Did you mean " + String.join(", ", near) + "?";
        }
        if (known.isEmpty()) {
            return "";
        }
        List<String> shown = known.stream().sorted().limit(10).toList();
        return " Known: " + String.join(", ", shown) + (known.size() > shown.size() ? ", …" : "") + ".";
    }
}
