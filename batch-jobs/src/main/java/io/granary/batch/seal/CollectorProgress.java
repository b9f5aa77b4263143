package io.granary.batch.seal;

import java.util.Map;
import java.util.Optional;

/** How much of a source's topic there is, and how much of it the collector has brought to landing. */
interface CollectorProgress extends AutoCloseable {
    /** End offset by partition; empty when the topic does not exist. */
    Optional<Map<Integer, Long>> ends();

    /** By partition, the offset up to which everything is landed. */
    Map<Integer, Long> landed();

    @Override
    void close();
}
