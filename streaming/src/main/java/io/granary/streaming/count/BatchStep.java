package io.granary.streaming.count;

/** The places of a batch between which a process can die. */
public enum BatchStep {
    COMPUTED,
    DELTAS_STORED,
    MARKS_STORED,
    SLICE_APPLIED,
    ALL_APPLIED,
    AS_OF_WRITTEN;

    /** Is told of each step, once it is done. */
    @FunctionalInterface
    public interface Observer {
        Observer NONE = step -> {};

        void done(BatchStep step);
    }
}
