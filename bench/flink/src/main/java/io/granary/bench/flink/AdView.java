package io.granary.bench.flink;

/**
 * A view: its ad as text, or in the bytes of its event where Kafka's record holds them. One object is used for all of a task's views; it never leaves
 * the chain of operators in which it was read.
 */
public final class AdView {
    /** The ad; null when it is in {@link #bytes}. */
    String name;

    byte[] bytes = {};
    int ad;
    int adLength;
    long at;
}
