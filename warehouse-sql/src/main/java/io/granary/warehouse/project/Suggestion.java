package io.granary.warehouse.project;

import static io.granary.warehouse.select.Suggestion.distance;

import java.util.Collection;
import java.util.Comparator;

/** Finds the name that a person most likely meant. */
public final class Suggestion {
    private Suggestion() {}

    /** {@code Did you mean 'x'?}, or {@code otherwise} when nothing is near. */
    public static String of(String name, Collection<String> known, String otherwise) {
        int near = Math.max(1, name.length() / 3);
        return known.stream()
                .filter(candidate -> distance(name, candidate) <= near)
                .min(Comparator.<String>comparingInt(candidate -> distance(name, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .map(candidate -> "Did you mean '" + candidate + "'?")
                .orElse(otherwise);
    }
}
