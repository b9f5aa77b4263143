package io.granary.streaming.store;

import java.util.List;

/**
 * What a shard has applied last.
 *
 * @param epoch whose; null when the shard has no fence
 * @param slices how many slices the batch has in this shard
 */
record Fence(String epoch, long batch, int slice, int slices) {
    static final String[] FIELDS = {"epoch", "batch", "slice", "slices"};

    /** @param values of {@link #FIELDS} */
    static Fence of(List<String> values) {
        if (values.contains(null)) {
            return new Fence(values.get(0), Long.MIN_VALUE, 0, 1);
        }
        return new Fence(
                values.get(0),
                Long.parseLong(values.get(1)),
                Integer.parseInt(values.get(2)),
                Integer.parseInt(values.get(3)));
    }

    boolean isOf(Epoch other) {
        return other.toString().equals(epoch);
    }

    /** The newest batch that this shard has whole. */
    long whole() {
        return slice == slices - 1 ? batch : batch - 1;
    }
}
