package io.granary.ingestion.sync.engine;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs the parts of a job side by side. The first that fails stops the others, and its cause is what people see. */
public final class Channels {
    private static final int SECONDS_TO_END = 30;

    private Channels() {}

    /**
     * Runs them all, at most so many at a time.
     *
     * @param stop makes running work end soon
     * @return the results, in the order of the work
     * @throws GranaryException the first failure; or that the calling thread was interrupted, whose flag stays set
     */
    public static <T> List<T> run(int channels, List<Callable<T>> work, Runnable stop) {
        AtomicInteger number = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, Math.min(channels, work.size())), task -> {
            Thread thread = new Thread(task, "channel-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        CompletionService<T> running = new ExecutorCompletionService<>(threads);
        List<Future<T>> results = work.stream().map(running::submit).toList();
        boolean done = false;
        try {
            List<T> values = new ArrayList<>();
            for (int i = 0; i < results.size(); i++) {
                running.take().get();
            }
            for (Future<T> result : results) {
                values.add(result.get());
            }
            done = true;
            return values;
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GranaryException(
                    ErrorCode.EXTERNAL, "the job was interrupted; nothing of it is in its target", e);
        } finally {
            threads.shutdownNow();
            if (!done) {
                stop.run();
                await(threads);
            }
        }
    }

    private static RuntimeException failure(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException failure
                ? failure
                : new GranaryException(ErrorCode.INTERNAL, "the job failed: " + cause, cause);
    }

    /** What they write must not be taken back while they still write. */
    private static void await(ExecutorService threads) {
        boolean interrupted = Thread.interrupted();
        try {
            threads.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
