package io.granary.ingestion.pull;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A stream that fails when nothing comes for a while; for clients that would wait for ever. */
final class WatchedStream extends FilterInputStream {
    private static final ScheduledExecutorService WATCH = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "granary-pull-watch");
        thread.setDaemon(true);
        return thread;
    });

    private final Duration patience;
    private volatile boolean stalled;

    WatchedStream(InputStream in, Duration patience) {
        super(in);
        this.patience = patience;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        ScheduledFuture<?> alarm = WATCH.schedule(this::giveUp, patience.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return super.read(buffer, from, length);
        } catch (IOException e) {
            throw stalled ? new IOException("nothing came for " + patience.toSeconds() + " s", e) : e;
        } finally {
            alarm.cancel(false);
        }
    }

    private void giveUp() {
        stalled = true;
        try {
            in.close();
        } catch (IOException e) {
            org.slf4j.LoggerFactory.getLogger(WatchedStream.class).debug("closing a stalled stream", e);
        }
    }
}
