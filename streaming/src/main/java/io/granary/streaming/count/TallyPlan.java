package io.granary.streaming.count;

import java.io.Serializable;
import java.util.List;

/**
 * How the rows of one model are counted. A row is given as values in slots, texts or numbers.
 *
 * @param slots how many there are
 */
record TallyPlan(int slots, List<Group> groups) implements Serializable {
    TallyPlan {
        groups = List.copyOf(groups);
    }

    enum Kind {
        COUNT,
        SUM,
        MEMBERS,
        SKETCH
    }

    /** @param slot of the number that is summed or of the member's text; unused by a count */
    record Measure(Kind kind, int slot) implements Serializable {
        boolean isNumber() {
            return kind == Kind.SUM;
        }
    }

    /**
     * Counters of the same combinations: those that have the same condition, time and dimensions are counted together.
     *
     * @param where slot of a number that is 0 where a row does not count; -1 counts every row
     * @param time slot of the event's time, microseconds since 1970
     * @param base length of a bucket in seconds, which divides those of all windows; 0 when only {@code total} is wanted
     * @param ahead microseconds that an event may be ahead of now
     */
    record Group(int where, int time, List<Dimension> by, long base, long ahead, List<Measure> measures)
            implements Serializable {
        Group {
            by = List.copyOf(by);
            measures = List.copyOf(measures);
        }
    }

    /** @param isNumber whether the slot has a whole number instead of a text */
    record Dimension(int slot, boolean isNumber) implements Serializable {}
}
