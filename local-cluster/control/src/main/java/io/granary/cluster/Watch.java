package io.granary.cluster;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.GranaryException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A thread that starts dead components again. */
final class Watch implements AutoCloseable {
    private static final int DEATHS = 4;
    private static final Duration WITHIN = Duration.ofMinutes(2);

    private final LocalCluster cluster;
    private final Home home;
    private final Consumer<String> report;
    private final Map<Component, Deque<Instant>> deaths = new EnumMap<>(Component.class);
    private final Set<Component> givenUp = EnumSet.noneOf(Component.class);
    private final Thread thread;
    private volatile boolean closed;

    Watch(LocalCluster cluster, Home home, Consumer<String> report) {
        this.cluster = cluster;
        this.home = home;
        this.report = report;
        this.thread = new Thread(this::run, "cluster-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!closed) {
            for (Component component : Component.values()) {
                if (!closed && !givenUp.contains(component) && isDead(component)) {
                    revive(component);
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(500);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private boolean isDead(Component component) {
        return Started.read(home, component).filter(s -> !s.isAlive()).isPresent();
    }

    private void revive(Component component) {
        Deque<Instant> recent = deaths.computeIfAbsent(component, c -> new ArrayDeque<>());
        recent.add(Instant.now());
        while (recent.peekFirst().isBefore(Instant.now().minus(WITHIN))) {
            recent.removeFirst();
        }
        if (recent.size() >= DEATHS) {
            givenUp.add(component);
            report.accept(component + " died " + DEATHS + " times within " + WITHIN.toMinutes()
                    + " minutes; it is not started again. `granary logs " + component + "` shows why.");
            return;
        }
        try {
            report.accept(component + " died, starting it again");
            if (!cluster.revive(component, report::accept)) {
                recent.removeLast();
            }
        } catch (GranaryException e) {
            report.accept(component + " could not be started again: " + e.getMessage());
        }
    }

    /** Ends the watch; waits for a start that is under way. */
    @Override
    public void close() throws InterruptedException {
        closed = true;
        if (Thread.currentThread() != thread) {
            thread.join();
        }
    }
}
