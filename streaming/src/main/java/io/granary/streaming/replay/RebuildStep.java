package io.granary.streaming.replay;

/** The places of a rebuild between which a process can die. */
public enum RebuildStep {
    ANNOUNCED,
    COUNTED,
    WIPED,
    APPLIED,
    AS_OF_WRITTEN,
    STATE_OK;

    /** Is told of each step, once it is done. */
    @FunctionalInterface
    public interface Observer {
        Observer NONE = step -> {};

        void done(RebuildStep step);
    }
}
