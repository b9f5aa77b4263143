package io.granary.streaming.topic;

import java.io.Serializable;
import org.apache.spark.Partition;

/**
 * A partition of an RDD of ours: it is the one with its number, whatever it brings along.
 *
 * @param of what its task needs to know; null when the number is enough
 */
public record TaskPart<T extends Serializable>(int index, T of) implements Partition {
    @Override
    public int hashCode() {
        return index;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TaskPart<?> that && index == that.index;
    }
}
