package io.granary.streaming.store;

/** What a fence answers when it does not take a slice. */
public enum FenceAnswer {
    /** The slice had been applied before: a batch that is repeated. */
    REPEATED,
    /** A slice or a batch in front of this one is missing: Redis lost data. */
    GAP,
    /** The fence is gone: Redis lost data. */
    MISSING,
    /** The fence is another checkpoint's or another generation's. */
    FOREIGN
}
