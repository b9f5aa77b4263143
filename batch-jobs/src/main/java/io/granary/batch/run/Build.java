package io.granary.batch.run;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.Manifest.ModelNode;
import io.granary.warehouse.run.RunResults.Result;
import io.granary.warehouse.run.RunResults.Status;
import io.granary.warehouse.select.Graph;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs models of one day, each after those it depends on, several at a time where they do not depend on each other. A
 * failure skips what depends on it and nothing else.
 */
final class Build implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Build.class);

    private final LocalDate ds;
    private final Lane.Opener opener;
    private final Progress progress;
    private final Clock clock;
    private final ExecutorService workers;
    private final Queue<Lane> idle = new ConcurrentLinkedQueue<>();
    private final Queue<Lane> opened = new ConcurrentLinkedQueue<>();
    private volatile boolean cancelled;

    Build(LocalDate ds, int threads, Lane.Opener opener, Progress progress, Clock clock) {
        this.ds = ds;
        this.opener = opener;
        this.progress = progress;
        this.clock = clock;
        this.workers = Executors.newFixedThreadPool(threads, task -> new Thread(task, "build"));
    }

    /** Results in the order in which the models ended. */
    List<Result> run(Manifest manifest, List<ModelNode> models) {
        Map<String, ModelNode> waiting = new LinkedHashMap<>();
        models.forEach(m -> waiting.put(m.id(), m));
        Map<String, ModelNode> byId = Map.copyOf(waiting);
        Graph graph = Graph.of(manifest);
        Map<String, Set<String>> needs = new HashMap<>();
        waiting.keySet().forEach(id -> needs.put(id, graph.dependencies(id, waiting.keySet())));

        ExecutorCompletionService<Result> running = new ExecutorCompletionService<>(workers);
        Map<String, Result> ended = new LinkedHashMap<>();
        int active = 0;
        while (ended.size() < models.size()) {
            List<String> ready = ready(waiting.keySet(), needs, ended);
            if (ready.isEmpty() && active == 0) {
                throw new GranaryException(
                        ErrorCode.DEFINITION, "these models read each other in a circle: " + waiting.keySet());
            }
            for (String id : ready) {
                ModelNode model = waiting.remove(id);
                String cause = failedInput(needs.get(id), ended);
                if (cause != null) {
                    finish(model, Result.skipped(id, cause + " did not succeed"), ended);
                } else {
                    running.submit(() -> attempt(model));
                    active++;
                }
            }
            if (active > 0) {
                Result result = take(running);
                active--;
                finish(byId.get(result.uniqueId()), result, ended);
            }
        }
        return List.copyOf(ended.values());
    }

    private static List<String> ready(Set<String> waiting, Map<String, Set<String>> needs, Map<String, Result> ended) {
        List<String> ready = new ArrayList<>();
        for (String id : waiting) {
            if (ended.keySet().containsAll(needs.get(id))) {
                ready.add(id);
            }
        }
        return ready;
    }

    private static String failedInput(Set<String> inputs, Map<String, Result> ended) {
        // the model that failed itself, rather than one that was skipped for it
        Set<String> failed = new LinkedHashSet<>();
        for (String input : inputs) {
            if (ended.get(input).status() == Status.ERROR) {
                return input;
            }
            if (ended.get(input).status() == Status.SKIPPED) {
                failed.add(input);
            }
        }
        return failed.isEmpty() ? null : failed.iterator().next();
    }

    private void finish(ModelNode model, Result result, Map<String, Result> ended) {
        ended.put(result.uniqueId(), result);
        progress.ended(model.name(), ds, result);
    }

    private Result take(ExecutorCompletionService<Result> running) {
        try {
            return running.take().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while models ran", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private Result attempt(ModelNode model) {
        if (cancelled) {
            return Result.skipped(model.id(), "the build was cancelled");
        }
        long started = System.nanoTime();
        try {
            Lane lane = idle.poll();
            if (lane == null) {
                lane = opener.open();
                opened.add(lane);
            }
            Result result = new ModelRun(model, ds, clock).run(lane);
            idle.add(lane);
            return result;
        } catch (GranaryException e) {
            // the lane may be broken: the next model opens a new one
            return Result.error(model.id(), elapsed(started), e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("unexpected fault in {}", model.id(), e);
            return Result.error(model.id(), elapsed(started), "unexpected fault, please report it: " + e);
        }
    }

    private static Duration elapsed(long started) {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    /** Stops the running statements and starts no more models; what they had staged is deleted. */
    void cancel(Duration grace) {
        cancelled = true;
        for (Lane lane : opened) {
            try {
                lane.session().cancel();
            } catch (GranaryException e) {
                LOG.warn(e.getMessage());
            }
        }
        workers.shutdown();
        try {
            workers.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        workers.shutdown();
        opened.forEach(Lane::close);
    }
}
