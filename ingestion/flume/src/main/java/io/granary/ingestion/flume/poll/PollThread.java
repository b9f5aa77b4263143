package io.granary.ingestion.flume.poll;

import java.time.Duration;

/** Looks again and again until it is told to end. */
final class PollThread extends Thread {
    private final Poller poller;
    private final Duration every;
    private boolean ending;

    PollThread(Poller poller, Duration every, String source) {
        super("poll " + source);
        this.poller = poller;
        this.every = every;
        setDaemon(true);
    }

    @Override
    public void run() {
        try (poller) {
            while (!isEnding()) {
                poller.look();
                pause();
            }
        }
    }

    private synchronized boolean isEnding() {
        return ending;
    }

    /** No interrupt is used: it would close the journal's files in the middle of a write. */
    private synchronized void pause() {
        long until = System.nanoTime() + every.toNanos();
        for (long left = every.toMillis(); !ending && left > 0; left = (until - System.nanoTime()) / 1_000_000) {
            try {
                wait(left);
            } catch (InterruptedException e) {
                ending = true;
            }
        }
    }

    /** Ends it, and a statement that runs when it takes longer than {@code patience}. */
    void end(Duration patience) {
        synchronized (this) {
            ending = true;
            notifyAll();
        }
        try {
            join(patience.toMillis());
            if (isAlive()) {
                poller.cut();
                join(patience.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
