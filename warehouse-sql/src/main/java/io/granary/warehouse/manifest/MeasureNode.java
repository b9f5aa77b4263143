package io.granary.warehouse.manifest;

/**
 * A measure of a counter: {@code count}, {@code sum} or {@code distinct} of a column.
 *
 * @param exact of a distinct measure: true keeps every member, else a sketch of them is kept (HyperLogLog)
 */
public record MeasureNode(String name, String type, String column, Boolean exact) {
    /** Whether the members themselves are kept. */
    public boolean keepsMembers() {
        return isDistinct() && Boolean.TRUE.equals(exact);
    }

    /** Whether a sketch of the members is kept. */
    public boolean isSketch() {
        return isDistinct() && !Boolean.TRUE.equals(exact);
    }

    private boolean isDistinct() {
        return type.equals("distinct");
    }
}
