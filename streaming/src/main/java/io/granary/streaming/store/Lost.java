package io.granary.streaming.store;

import java.util.OptionalLong;
import java.util.function.Consumer;

/** Redis no longer holds what was counted: it was flushed, replaced or put back to an older state. A rebuild mends it. */
public final class Lost extends RuntimeException {
    /** No batch is whole in all shards. */
    static final long NOTHING = -2;

    private static final long serialVersionUID = 1L;

    private final long intact;

    /** @param intact the newest batch that all shards hold whole, with nothing missing before it; {@link #NOTHING} when there is none */
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

    /** Does a step, and does it again each time that Redis was found to have lost data and {@code mend} has mended it. */
    public static void mending(Runnable step, Consumer<Lost> mend) {
        for (Lost lost = found(step); lost != null; lost = found(step)) {
            for (Lost left = lost; left != null; ) {
                Lost now = left;
                left = found(() -> mend.accept(now));
            }
        }
    }

    private static Lost found(Runnable step) {
        try {
            step.run();
            return null;
        } catch (Lost lost) {
            return lost;
        }
    }
}
