package io.granary.warehouse.redis;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * What a shard has applied last of a query: the hash {@link RedisKeys#fence}. Numbers of a shard never go down while its
 * fence does not.
 *
 * @param epoch who counts, {@code <token>.<generation>}; null when the shard has no fence
 * @param slice of the batch, from 0
 * @param slices how many slices the batch has in this shard
 */
public record Fence(String epoch, long batch, int slice, int slices) {
    /** The hash's fields in the order in which {@link #of} takes their values. */
    public static final List<String> FIELDS = List.of("epoch", "batch", "slice", "slices");

    private static final Comparator<Fence> ORDER = Comparator.comparingLong(Fence::generation)
            .thenComparingLong(Fence::batch)
            .thenComparingInt(Fence::slice);

    /** @param values of {@link #FIELDS}, null where there is none */
    public static Fence of(List<String> values) {
        if (values.stream().anyMatch(Objects::isNull)) {
            return new Fence(values.get(0), Long.MIN_VALUE, 0, 1);
        }
        return new Fence(
                values.get(0),
                Long.parseLong(values.get(1)),
                Integer.parseInt(values.get(2)),
                Integer.parseInt(values.get(3)));
    }

    /** The newest batch that this shard has whole. */
    public long whole() {
        return slice == slices - 1 ? batch : batch - 1;
    }

    /** Rises with every rebuild; 0 without a fence. */
    public long generation() {
        return epoch == null ? 0 : Long.parseLong(epoch.substring(epoch.lastIndexOf('.') + 1));
    }

    /** Whether this is an earlier state than one that was seen before, of the same checkpoint: Redis lost something. */
    public boolean isBehind(Fence seen) {
        if (seen.epoch() == null) {
            return false;
        }
        return epoch == null || (token().equals(seen.token()) && ORDER.compare(this, seen) < 0);
    }

    private String token() {
        return epoch.substring(0, Math.max(0, epoch.lastIndexOf('.')));
    }
}
