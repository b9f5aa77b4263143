package io.granary.cli.project;

import java.io.PrintWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** What hangs on something, drawn with lines; what was drawn before is drawn once, its branch too. */
record Tree(String label, List<Tree> branches) {

    /** Grows a tree from a root by its next ones; ends where it would go around. */
    static Tree grow(String root, Function<String, List<String>> next, Function<String, String> label) {
        return grow(root, next, label, new HashSet<>());
    }

    private static Tree grow(
            String at, Function<String, List<String>> next, Function<String, String> label, Set<String> drawn) {
        List<String> following = next.apply(at);
        if (!drawn.add(at)) {
            return new Tree(label.apply(at) + (following.isEmpty() ? "" : "  (see above)"), List.of());
        }
        return new Tree(
                label.apply(at),
                following.stream().map(to -> grow(to, next, label, drawn)).toList());
    }

    /** Prints the branches, without the root. */
    void printBranches(String indent, PrintWriter out) {
        for (int i = 0; i < branches.size(); i++) {
            boolean last = i == branches.size() - 1;
            Tree branch = branches.get(i);
            out.print(indent + (last ? "└─ " : "├─ ") + branch.label + "\n");
            branch.printBranches(indent + (last ? "   " : "│  "), out);
        }
    }
}
