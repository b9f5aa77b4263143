package io.granary.streaming.count;

import org.apache.spark.unsafe.types.UTF8String;

/** Counts the rows of one model in one task. Generated code fills the slots of a row and then calls {@link #row}. */
public final class Tally {
    private final TallyPlan.Group[] plan;
    private final GroupCounts[] groups;
    private final long now;
    private final long[] values;
    private final UTF8String[] texts;
    private final boolean[] nulls;

    /** @param now microseconds since 1970 */
    Tally(TallyPlan plan, long now) {
        this.plan = plan.groups().toArray(new TallyPlan.Group[0]);
        this.now = now;
        values = new long[plan.slots()];
        texts = new UTF8String[plan.slots()];
        nulls = new boolean[plan.slots()];
        groups = new GroupCounts[this.plan.length];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = new GroupCounts(this.plan[i]);
        }
    }

    public void number(int slot, long value) {
        values[slot] = value;
        nulls[slot] = false;
    }

    public void text(int slot, UTF8String value) {
        texts[slot] = value;
        nulls[slot] = false;
    }

    public void nothing(int slot) {
        nulls[slot] = true;
    }

    /** Always false: the row goes no further. */
    public boolean row() {
        for (int i = 0; i < groups.length; i++) {
            groups[i].count(plan[i], values, texts, nulls, now);
        }
        return false;
    }

    GroupCounts[] groups() {
        return groups;
    }
}
