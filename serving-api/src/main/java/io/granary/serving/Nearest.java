package io.granary.serving;

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
                .filter(name -> distance(asked, name) <= Math.max(2, name.length() / 3) || name.contains(asked))
                .sorted(Comparator.comparingInt((String name) -> distance(asked, name))
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

    /** Levenshtein's edit distance, in characters. */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replace, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
