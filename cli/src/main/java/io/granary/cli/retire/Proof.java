package io.granary.cli.retire;

import java.util.ArrayList;
import java.util.List;

/** That others have what they had, and that what came back is what left: line by line, for people and programs. */
final class Proof {
    static final List<String> COLUMNS = List.of("what", "things", "before", "after", "verdict");

    private static final int SHOWN = 12;

    private final List<List<String>> rows = new ArrayList<>();
    private boolean holds = true;

    /** Two hashes, which must be the same. */
    void hashes(String what, String things, String before, String after) {
        boolean same = before.equals(after);
        add(what, things, shown(before), shown(after), same ? "equal" : "CHANGED", same);
    }

    /** Two numbers or texts, and whether they are as they must be. */
    void add(String what, String things, String before, String after, String verdict, boolean right) {
        rows.add(List.of(what, things, before, after, verdict));
        holds &= right;
    }

    List<List<String>> rows() {
        return List.copyOf(rows);
    }

    boolean holds() {
        return holds;
    }

    private static String shown(String hash) {
        return hash.substring(0, Math.min(SHOWN, hash.length()));
    }
}
