package io.granary.bench.flink;

/** Reads the fields of one event after the other that the job needs. */
interface EventFields {
    /** Fills the view from an event; false when the event is no view. Behind {@code end} there is nothing of it. */
    boolean read(byte[] bytes, int start, int end, AdView view);
}
