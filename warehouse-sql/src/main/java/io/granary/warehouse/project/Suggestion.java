package io.granary.warehouse.project;

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

    /** Levenshtein's distance: how many letters are added, left out or replaced. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
