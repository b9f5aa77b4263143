package io.granary.batch.run;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.run.RunResults.Result;
import io.granary.warehouse.run.RunResults.Status;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a plan: each step after those it reads, several at a time where they do not. A failure skips what reads it
 * and nothing else.
 */
final class Build implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Build.class);
    private static final Duration CANCEL_AGAIN = Duration.ofMillis(300);

    private final Lane.Opener opener;
    private final Inputs inputs;
    private final ModelChecks checks;
    private final Progress progress;
    private final Clock clock;
    private final boolean failFast;
    private final boolean fullRefresh;
    private final ExecutorService workers;
    private final Queue<Lane> idle = new ConcurrentLinkedQueue<>();
    private final Queue<Lane> opened = new ConcurrentLinkedQueue<>();
    private final Map<String, Boolean> ensured = new ConcurrentHashMap<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile String cancelled;

    /**
     * How a build goes about its steps.
     *
     * @param fullRefresh makes tables anew that cannot be migrated
     */
    record Settings(int threads, boolean failFast, boolean fullRefresh) {}

    Build(
            Manifest manifest,
            Settings settings,
            Lane.Opener opener,
            ModelChecks checks,
            Progress progress,
            Clock clock) {
        this.inputs = new Inputs(manifest);
        this.opener = opener;
        this.checks = checks;
        this.progress = progress;
        this.clock = clock;
        this.failFast = settings.failFast();
        this.fullRefresh = settings.fullRefresh();
        this.workers = Executors.newFixedThreadPool(settings.threads(), task -> new Thread(task, "build"));
    }

    private record Ended(Step step, Result result) {}

    /** Results in the order in which the steps ended. */
    List<Result> run(List<Step> steps) {
        Map<Target.Key, Step> waiting = new LinkedHashMap<>();
        steps.forEach(step -> waiting.put(step.target().key(), step));
        ExecutorCompletionService<Ended> running = new ExecutorCompletionService<>(workers);
        Map<Target.Key, Result> results = new LinkedHashMap<>();
        Map<Target.Key, Target.Key> causes = new HashMap<>();
        int active = 0;
        while (results.size() < steps.size()) {
            List<Step> ready = ready(waiting.values(), results);
            if (ready.isEmpty() && active == 0) {
                throw new GranaryException(
                        ErrorCode.DEFINITION, "these read each other in a circle: " + waiting.keySet());
            }
            for (Step step : ready) {
                waiting.remove(step.target().key());
                Target.Key cause = failedInput(step, results, causes);
                if (cause != null) {
                    causes.put(step.target().key(), cause);
                    finish(new Ended(step, skipped(step, cause.model() + " did not succeed")), results);
                } else {
                    running.submit(() -> new Ended(step, attempt(step)));
                    active++;
                }
            }
            if (active > 0) {
                finish(take(running), results);
                active--;
            }
        }
        return List.copyOf(results.values());
    }

    private static Result skipped(Step step, String message) {
        Target target = step.target();
        return Result.skipped(target.model().id(), message).of(target.spec().toString());
    }

    private static List<Step> ready(Collection<Step> waiting, Map<Target.Key, Result> ended) {
        return waiting.stream()
                .filter(step -> ended.keySet().containsAll(step.after()))
                .toList();
    }

    /** The step that failed itself, rather than one that was skipped for it; null when all inputs succeeded. */
    private static Target.Key failedInput(
            Step step, Map<Target.Key, Result> ended, Map<Target.Key, Target.Key> causes) {
        return step.after().stream()
                .filter(input -> ended.get(input).status() != Status.SUCCESS)
                .findFirst()
                .map(input -> causes.getOrDefault(input, input))
                .orElse(null);
    }

    private void finish(Ended end, Map<Target.Key, Result> results) {
        Target target = end.step().target();
        results.put(target.key(), end.result());
        progress.ended(target.model().name(), target.label(), end.result());
        if (failFast && end.result().status() == Status.ERROR && cancelled == null) {
            cancelStatements("stopped by --fail-fast after " + target.model().id() + " failed");
        }
    }

    private Ended take(ExecutorCompletionService<Ended> running) {
        try {
            Future<Ended> end = running.poll(CANCEL_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
            while (end == null) {
                String why = cancelled;
                if (why != null && failFast) {
                    // a statement that started just then was not seen by the first call
                    cancelStatements(why);
                }
                end = running.poll(CANCEL_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
            }
            return end.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while models ran", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private Result attempt(Step step) {
        String why = cancelled;
        if (why != null) {
            return skipped(step, why);
        }
        Target target = step.target();
        String partition = target.spec().toString();
        long started = System.nanoTime();
        try {
            Lane lane = idle.poll();
            if (lane == null) {
                lane = opener.open();
                opened.add(lane);
            }
            ensureTable(target.model(), lane);
            Result result = new ModelRun(target, inputs, checks, clock).run(lane);
            idle.add(lane);
            return result;
        } catch (GranaryException e) {
            // the lane may be broken: the next model opens a new one
            String message = cancelled == null ? e.getMessage() : cancelled + "\n" + e.getMessage();
            return Result.error(target.model().id(), elapsed(started), message).of(partition);
        } catch (RuntimeException e) {
            LOG.error("unexpected fault in {}", target.model().id(), e);
            return Result.error(target.model().id(), elapsed(started), "unexpected fault, please report it: " + e)
                    .of(partition);
        }
    }

    /** Once for each model of a build; the others wait. */
    private void ensureTable(ModelNode model, Lane lane) {
        ensured.computeIfAbsent(model.table(), table -> {
            ModelTable.ensure(model, lane.store(), fullRefresh);
            return true;
        });
    }

    private static Duration elapsed(long started) {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    /**
     * Stops the running statements and starts no more models; what they had staged is deleted. Returns when the caller
     * of {@link #run} has said with {@link #ended} that it is done, or after {@code grace}.
     */
    void cancel(Duration grace) {
        long until = System.nanoTime() + grace.toNanos();
        cancelled = "the build was cancelled";
        try {
            // a statement that starts just now is not seen by one call
            do {
                cancelStatements(cancelled);
            } while (!ended.await(CANCEL_AGAIN.toMillis(), TimeUnit.MILLISECONDS) && System.nanoTime() < until);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void cancelStatements(String why) {
        cancelled = why;
        for (Lane lane : opened) {
            try {
                lane.session().cancel();
            } catch (GranaryException e) {
                LOG.warn(e.getMessage());
            }
        }
    }

    /** The results are stored. */
    void ended() {
        ended.countDown();
    }

    @Override
    public void close() {
        workers.shutdown();
        opened.forEach(Lane::close);
    }
}
