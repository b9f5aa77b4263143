package io.granary.ingestion.pull;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;

/** Asks a server, again when it does not answer: each time over a new connection, after a longer pause. */
final class ServerCalls implements AutoCloseable {
    /** Opens a connection. */
    @FunctionalInterface
    interface Opening {
        RemoteFiles open() throws IOException;
    }

    /** What is asked. */
    @FunctionalInterface
    interface Call<T> {
        T ask(RemoteFiles files) throws IOException;
    }

    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Opening opening;
    private final int attempts;
    private final Duration pause;
    private final PrintWriter progress;
    private RemoteFiles open;

    ServerCalls(Opening opening, int attempts, Duration pause, PrintWriter progress) {
        this.opening = opening;
        this.attempts = attempts;
        this.pause = pause;
        this.progress = progress;
    }

    /**
     * Asks until there is an answer.
     *
     * @param what for messages, such as {@code reading /out/a.csv}
     * @throws GranaryException when the last attempt failed too
     */
    <T> T ask(String what, Call<T> call) {
        Duration wait = pause;
        for (int attempt = 1; ; attempt++) {
            try {
                if (open == null) {
                    open = opening.open();
                }
                return call.ask(open);
            } catch (IOException e) {
                close();
                if (attempt >= attempts) {
                    throw new GranaryException(
                            ErrorCode.EXTERNAL,
                            what + " failed " + attempt + " times, at last with: " + e.getMessage(),
                            e);
                }
                progress.println("  " + what + ": " + e.getMessage() + "; again in " + wait.toMillis() / 1000.0 + " s");
                progress.flush();
                sleep(wait);
                wait = wait.multipliedBy(2).compareTo(LONGEST) < 0 ? wait.multipliedBy(2) : LONGEST;
            }
        }
    }

    static void sleep(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GranaryException(ErrorCode.EXTERNAL, "interrupted while waiting for a server", e);
        }
    }

    @Override
    public void close() {
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
