package io.granary.batch.seal;

import io.granary.warehouse.config.Profile;
import io.granary.warehouse.manifest.SourceNode;
import java.util.Map;
import java.util.Optional;

/** How much of a source's topic there is, and how much of it the collector has brought to landing. */
interface CollectorProgress extends AutoCloseable {
    /** End offset by partition; empty when the topic does not exist. */
    Optional<Map<Integer, Long>> ends();

    /** By partition, the offset up to which everything is landed. */
    Map<Integer, Long> landed();

    /** Asks about a source. */
    @FunctionalInterface
    interface Opening {
        CollectorProgress open(Profile profile, SourceNode source);
    }

    @Override
    void close();
}
