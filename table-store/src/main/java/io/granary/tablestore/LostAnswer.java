package io.granary.tablestore;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A call to publish failed, or only its answer was lost: what the metastore says when it is back decides. */
final class LostAnswer {
    private static final Logger LOG = LoggerFactory.getLogger(LostAnswer.class);
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final long PAUSE_MILLIS = 500;

    private LostAnswer() {}

    /**
     * Returns when all was published.
     *
     * @param moved counts what is where it was to be moved
     * @throws GranaryException when nothing was published, or when that cannot be found out
     */
    static void settle(HiveCatalog catalog, String what, int wanted, LongSupplier moved, GranaryException failure) {
        long there = read(catalog, what, moved, failure);
        if (there == wanted) {
            LOG.warn("{} was published, though the metastore reported: {}", what, failure.getMessage());
            return;
        }
        if (there > 0) {
            throw new GranaryException(
                    ErrorCode.INTERNAL,
                    failure.getMessage() + "\nOnly " + there + " of " + wanted + " partitions of " + what
                            + " were published.",
                    failure);
        }
        throw new GranaryException(
                ErrorCode.EXTERNAL, failure.getMessage() + "\nNothing of " + what + " was published.", failure);
    }

    private static long read(HiveCatalog catalog, String what, LongSupplier moved, GranaryException failure) {
        long started = System.nanoTime();
        while (true) {
            try {
                catalog.reconnect();
                return moved.getAsLong();
            } catch (GranaryException e) {
                if (System.nanoTime() - started > PATIENCE.toNanos()) {
                    failure.addSuppressed(e);
                    throw new GranaryException(
                            ErrorCode.EXTERNAL,
                            failure.getMessage() + "\nIt cannot be read back whether " + what
                                    + " was published: all of it was, or nothing. When the metastore is back, run it"
                                    + " again.",
                            failure);
                }
            }
            pause(failure);
        }
    }

    private static void pause(GranaryException failure) {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure;
        }
    }
}
