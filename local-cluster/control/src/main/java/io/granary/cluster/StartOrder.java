package io.granary.cluster;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Runs an action for each component, side by side where nothing forbids it. */
final class StartOrder {
    private StartOrder() {}

    /**
     * Each component after those it needs. When one fails, what waits for it is not begun; what runs is waited for.
     *
     * @param before what some components must wait for besides other components
     * @throws RuntimeException the first failure
     */
    static void start(
            Set<Component> components, Map<Component, CompletableFuture<Void>> before, Consumer<Component> action) {
        run(
                components,
                (c, done) -> {
                    List<CompletableFuture<Void>> waits = new ArrayList<>();
                    c.needs().stream()
                            .filter(components::contains)
                            .map(done::get)
                            .forEach(waits::add);
                    if (before.containsKey(c)) {
                        waits.add(before.get(c));
                    }
                    return waits;
                },
                action);
    }

    /** Each component after those that need it. */
    static void stop(Set<Component> components, Consumer<Component> action) {
        run(
                components,
                (c, done) -> {
                    List<CompletableFuture<Void>> waits = new ArrayList<>();
                    components.stream()
                            .filter(other -> other.needs().contains(c))
                            .map(done::get)
                            .forEach(waits::add);
                    return waits;
                },
                action);
    }

    @FunctionalInterface
    private interface Waits {
        List<CompletableFuture<Void>> of(Component component, Map<Component, CompletableFuture<Void>> done);
    }

    private static void run(Set<Component> components, Waits waits, Consumer<Component> action) {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            Map<Component, CompletableFuture<Void>> done = new EnumMap<>(Component.class);
            components.forEach(c -> done.put(c, new CompletableFuture<>()));
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (Component c : components) {
                CompletableFuture<Void> ready =
                        CompletableFuture.allOf(waits.of(c, done).toArray(new CompletableFuture<?>[0]));
                all.add(ready.thenRunAsync(() -> action.accept(c), threads).whenComplete((nothing, failure) -> {
                    if (failure == null) {
                        done.get(c).complete(null);
                    } else {
                        done.get(c).completeExceptionally(failure);
                    }
                }));
            }
            RuntimeException first = null;
            for (CompletableFuture<Void> one : all) {
                try {
                    one.join();
                } catch (CompletionException e) {
                    first = first == null ? cause(e) : first;
                }
            }
            if (first != null) {
                throw first;
            }
        } finally {
            threads.shutdown();
            try {
                threads.awaitTermination(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException cause(CompletionException e) {
        Throwable cause = e;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof RuntimeException known ? known : e;
    }
}
