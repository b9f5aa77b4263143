package io.granary.bench.flink;

/**
 * A view: the text of its event where Kafka's record holds it. One object is used for all of a task's views; it never leaves
 * the chain of operators in which it was read.
 */
public final class AdView {
    byte[] bytes = {};
    int ad;
    int adLength;
    long at;
}
