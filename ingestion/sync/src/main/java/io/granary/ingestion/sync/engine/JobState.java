package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.row.DirtyRow;
import java.util.concurrent.CancellationException;

/** What the channels of a running job share: limits, rows left out, counts, and whether it is to stop. */
final class JobState {
    private static final int STEP = 1024;
    private static final long BYTE_STEP = 1L << 20;

    private final Throttle throttle;
    private final DirtyRows dirty;
    private final Progress progress;
    private volatile boolean stopped;

    JobState(Throttle throttle, DirtyRows dirty, Progress progress) {
        this.throttle = throttle;
        this.dirty = dirty;
        this.progress = progress;
    }

    int rowStep() {
        return throttle.step(STEP);
    }

    long byteStep() {
        return throttle.byteStep(BYTE_STEP);
    }

    /** Another channel has failed, or the job was interrupted: this one ends. */
    void check() {
        if (stopped || Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the job is stopped");
        }
    }

    void stop() {
        stopped = true;
    }

    /** Waits until so much may be read. */
    void pace(long rows, long bytes) {
        try {
            throttle.pass(rows, bytes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the job is stopped");
        }
        progress.read(rows, bytes);
    }

    void dirty(DirtyRow row) {
        progress.dirty();
        dirty.add(row);
    }
}
