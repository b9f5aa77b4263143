package io.granary.warehouse.project;

import java.util.Collection;
import java.util.TreeSet;

/** What a problem's hint says about a name that is not known. */
public final class Suggestion {
    private Suggestion() {}

    /** {@code Did you mean 'x'?}, or {@code otherwise} when nothing is near. */
    public static String of(String name, Collection<String> known, String otherwise) {
        return io.granary.warehouse.select.Suggestion.nearest(name, new TreeSet<>(known))
                .map(candidate -> "Did you mean '" + candidate + "'?")
                .orElse(otherwise);
    }
}
