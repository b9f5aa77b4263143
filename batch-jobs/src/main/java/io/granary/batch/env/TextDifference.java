package io.granary.batch.env;

import java.util.ArrayList;
import java.util.List;

/** In which lines two texts differ, as {@code diff -u} writes it. */
final class TextDifference {
    private static final int CONTEXT = 3;

    private final List<Line> lines = new ArrayList<>();

    /** {@code mark} is a space, a plus or a minus; the numbers are the line's in either text, or of the next one. */
    private record Line(char mark, String text, int before, int after) {}

    private TextDifference() {}

    /** One line each; none when the texts have the same lines. */
    static List<String> unified(String before, String after) {
        TextDifference difference = new TextDifference();
        difference.compare(
                before.strip().lines().map(String::stripTrailing).toList(),
                after.strip().lines().map(String::stripTrailing).toList());
        return difference.hunks();
    }

    /** By the longest common subsequence: SQL has hundreds of lines, not thousands. */
    private void compare(List<String> before, List<String> after) {
        int[][] common = new int[before.size() + 1][after.size() + 1];
        for (int i = before.size() - 1; i >= 0; i--) {
            for (int j = after.size() - 1; j >= 0; j--) {
                common[i][j] = before.get(i).equals(after.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            boolean same =
                    i < before.size() && j < after.size() && before.get(i).equals(after.get(j));
            boolean removed = !same && i < before.size() && (j == after.size() || common[i + 1][j] >= common[i][j + 1]);
            lines.add(new Line(
                    same ? ' ' : removed ? '-' : '+', same || removed ? before.get(i) : after.get(j), i + 1, j + 1));
            i += same || removed ? 1 : 0;
            j += removed ? 0 : 1;
        }
    }

    private List<String> hunks() {
        List<String> text = new ArrayList<>();
        int next = 0;
        while (next < lines.size()) {
            if (lines.get(next).mark() == ' ') {
                next++;
                continue;
            }
            int from = Math.max(0, next - CONTEXT);
            int last = next;
            for (int k = next; k < lines.size() && k <= last + 2 * CONTEXT; k++) {
                last = lines.get(k).mark() == ' ' ? last : k;
            }
            int to = Math.min(lines.size(), last + CONTEXT + 1);
            hunk(lines.subList(from, to), text);
            next = to;
        }
        return List.copyOf(text);
    }

    private static void hunk(List<Line> lines, List<String> text) {
        long before = lines.stream().filter(line -> line.mark() != '+').count();
        long after = lines.stream().filter(line -> line.mark() != '-').count();
        Line first = lines.get(0);
        text.add("@@ -" + first.before() + "," + before + " +" + first.after() + "," + after + " @@");
        lines.forEach(line -> text.add(line.mark() + line.text()));
    }
}
