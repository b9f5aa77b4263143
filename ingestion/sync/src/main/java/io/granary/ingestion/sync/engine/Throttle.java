package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.job.Speed;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * {@code speed.byte} and {@code speed.record} as limits of the whole job, whatever its channels: over any time, not more
 * than that time allows and one second's worth. A token bucket that may go into debt: who takes from an empty one waits.
 */
final class Throttle {
    private static final double NANOS = 1e9;

    private final Bucket rows;
    private final Bucket bytes;

    static Throttle of(Speed speed) {
        return new Throttle(
                speed.record() == null ? 0 : speed.record(),
                speed.bytes() == null ? 0 : speed.bytes(),
                System::nanoTime);
    }

    /**
     * The limits of a job.
     *
     * @param rows rows a second, 0 for no limit
     * @param bytes bytes a second, 0 for no limit
     */
    Throttle(long rows, long bytes, LongSupplier nanos) {
        this.rows = rows > 0 ? new Bucket(rows, nanos) : null;
        this.bytes = bytes > 0 ? new Bucket(bytes, nanos) : null;
    }

    /** Rows after which {@link #pass} is to be asked again, so that a slow job flows instead of leaping. */
    int step(int most) {
        return rows == null ? most : (int) Math.max(1, Math.min(most, rows.perSecond / 10));
    }

    /** Bytes after which {@link #pass} is to be asked again. */
    long byteStep(long most) {
        return bytes == null ? most : Math.max(1, Math.min(most, bytes.perSecond / 10));
    }

    /**
     * Waits until so much may pass.
     *
     * @throws InterruptedException when the job is stopped meanwhile
     */
    void pass(long passingRows, long passingBytes) throws InterruptedException {
        long wait = Math.max(rows == null ? 0 : rows.take(passingRows), bytes == null ? 0 : bytes.take(passingBytes));
        if (wait > 0) {
            TimeUnit.NANOSECONDS.sleep(wait);
        }
    }

    private static final class Bucket {
        private final long perSecond;
        private final LongSupplier nanos;
        private double tokens;
        private long filled;

        private Bucket(long perSecond, LongSupplier nanos) {
            this.perSecond = perSecond;
            this.nanos = nanos;
            this.filled = nanos.getAsLong();
        }

        /** Nanoseconds until the debt is paid. */
        private synchronized long take(long amount) {
            long now = nanos.getAsLong();
            tokens = Math.min(perSecond, tokens + (now - filled) / NANOS * perSecond) - amount;
            filled = now;
            return tokens >= 0 ? 0 : (long) (-tokens / perSecond * NANOS);
        }
    }
}
