package io.granary.streaming.store;

import java.util.OptionalLong;

/** Redis no longer holds what was counted: it was flushed, replaced or put back to an older state. A rebuild mends it. */
public final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long intact;

    /** @param intact the newest batch that all shards hold whole, with nothing missing before it; -2 when there is none */
    Lost(String message, long intact) {
        super(message);
        this.intact = intact;
    }

    /**
     * The newest batch that is whole in all shards (-1: before the first). When there is one, applying the stored deltas of
     * all batches after it, in their order, mends what is lost; nothing has to be wiped.
     */
    public OptionalLong intact() {
        return intact < -1 ? OptionalLong.empty() : OptionalLong.of(intact);
    }
}
