package io.granary.cluster;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The local cluster of one state folder: real components, one process each, on 127.0.0.1. The commands, the demo and
 * the end-to-end test all start it through this class. Its only state is in the state folder, so several objects, in
 * several processes, may look at the same cluster.
 */
public final class LocalCluster {
    private static final int LAST_LINES = 5;

    private final Home home;
    private final Distribution distribution;
    private final Path project;
    private final Map<Component, Integer> fixedPorts;
    private boolean recordClasses;

    /**
     * @param project folder with {@code subjects/}, compiled at every start
     * @param fixedPorts ports to use instead of free ones; recorded like these
     */
    public LocalCluster(Home home, Distribution distribution, Path project, Map<Component, Integer> fixedPorts) {
        this.home = home;
        this.distribution = distribution;
        this.project = project;
        this.fixedPorts = Map.copyOf(fixedPorts);
    }

    /**
     * Lets the components write archives of their classes when they are stopped, where there are none: that stop takes
     * longer, and later starts of any state folder need about half the processor time.
     */
    public LocalCluster recordClasses() {
        recordClasses = true;
        return this;
    }

    /**
     * Starts those of the components, and of what they need, that do not run, and returns when they take requests. When
     * one fails, or this process is told to end, those that this call started are stopped again.
     *
     * @throws GranaryException when all run already, this machine cannot run them, or one fails to start
     */
    public void up(Set<Component> wanted, Progress progress) {
        home.prepare();
        try (ClusterLock lock = ClusterLock.take(home)) {
            Set<Component> missing = missing(wanted);
            refuseMovingPorts();
            Ports ports = Ports.of(home, fixedPorts);
            Machine.of(home).require(missing, home, progress);
            missing.forEach(ports::requireFree);
            ProfileFile.write(home, ports);
            start(missing, ports, progress);
        }
    }

    /** Stops what runs, in the reverse order. Does nothing when nothing runs. */
    public void down(Progress progress) {
        if (!Files.isDirectory(home.run())) {
            return;
        }
        try (ClusterLock lock = ClusterLock.take(home)) {
            Set<Component> begun = EnumSet.noneOf(Component.class);
            for (Component component : Component.values()) {
                Started.read(home, component).ifPresent(s -> begun.add(component));
            }
            Processes processes = processes(Ports.of(home, Map.of()));
            StartOrder.stop(begun, component -> {
                processes.stop(component);
                progress.say(component + " stopped");
            });
        }
    }

    /** Stops a component and starts it again. What needs it is left alone and connects again by itself. */
    public void restart(Component component, Progress progress) {
        home.prepare();
        try (ClusterLock lock = ClusterLock.take(home)) {
            restartLocked(component, progress);
        }
    }

    /** Ends a component as a crash would (kill -9). It counts as dead until it is started again. */
    public void kill(Component component) {
        Started.read(home, component)
                .ifPresent(started -> processes(Ports.of(home, Map.of())).kill(started));
    }

    /** How every component is, in the order of their starts. */
    public List<Status> status() {
        if (!Files.exists(home.cluster())) {
            return Component.all().stream()
                    .map(c -> new Status(
                            c,
                            Status.State.STOPPED,
                            OptionalLong.empty(),
                            OptionalInt.empty(),
                            Duration.ZERO,
                            0,
                            List.of()))
                    .toList();
        }
        Ports ports = Ports.of(home, Map.of());
        Processes processes = processes(ports);
        return Component.all().stream().map(c -> status(c, ports, processes)).toList();
    }

    /** Whether all of these take requests. */
    boolean runs(Set<Component> components) {
        return status().stream()
                .filter(s -> components.contains(s.component()))
                .allMatch(s -> s.state() == Status.State.RUNNING);
    }

    /** Whether a stop now would also archive classes, and so take longer. */
    boolean recordsClasses() {
        return Component.all().stream()
                .flatMap(c -> Started.read(home, c).filter(Started::isAlive).stream())
                .anyMatch(Started::recordsClasses);
    }

    /** Where the stores are; written by {@link #up}. */
    public Profile profile() {
        return Profile.load(home.profile(), System.getenv());
    }

    /** The port others connect to. */
    public int port(Component component) {
        return Ports.of(home, Map.of()).of(component);
    }

    public Home home() {
        return home;
    }

    /**
     * Starts components again when they die, until closed, and says so. One that dies again and again is given up.
     *
     * @param report takes one line for each death and each start; called from another thread
     */
    public AutoCloseable watch(Consumer<String> report) {
        return new Watch(this, home, report);
    }

    /** Starts a component again if it is still dead and nobody else is starting or stopping; false when it did nothing. */
    boolean revive(Component component, Progress progress) {
        ClusterLock lock = ClusterLock.tryTake(home).orElse(null);
        if (lock == null) {
            return false;
        }
        try (lock) {
            if (Started.read(home, component).filter(s -> !s.isAlive()).isEmpty()) {
                return false;
            }
            restartLocked(component, progress);
            return true;
        }
    }

    private void restartLocked(Component component, Progress progress) {
        Ports ports = Ports.of(home, Map.of());
        Processes processes = processes(ports);
        processes.stop(component);
        ports.requireFree(component);
        try {
            processes.start(component, false);
        } catch (GranaryException e) {
            processes.abort();
            throw e;
        }
        progress.say(component + " started again");
    }

    private void start(Set<Component> missing, Ports ports, Progress progress) {
        Processes processes = processes(ports);
        ProjectCompile compile = new ProjectCompile(home, distribution, project);
        Thread onSignal = new Thread(
                () -> {
                    compile.close();
                    processes.abort();
                },
                "stop-what-was-started");
        Runtime.getRuntime().addShutdownHook(onSignal);
        try {
            Map<Component, CompletableFuture<Void>> before = new EnumMap<>(Component.class);
            if (missing.stream().anyMatch(Component::readsManifest)) {
                CompletableFuture<Void> compiled = CompletableFuture.runAsync(() -> {
                    guarded(processes, compile::run);
                    progress.say("project compiled");
                });
                missing.stream().filter(Component::readsManifest).forEach(c -> before.put(c, compiled));
            }
            StartOrder.start(missing, before, component -> {
                long begin = System.nanoTime();
                guarded(processes, () -> processes.start(component, recordClasses));
                progress.say(String.format(
                        "%-12s ready after %4.1f s%s",
                        component,
                        (System.nanoTime() - begin) / 1e9,
                        component.hasPort() ? "  127.0.0.1:" + ports.of(component) : ""));
            });
        } catch (RuntimeException e) {
            progress.say("stopping what was started");
            processes.abort();
            throw processes.reason().orElse(e);
        } finally {
            unhook(onSignal);
        }
    }

    /** The first failure lets the other starts give up. */
    private static void guarded(Processes processes, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            processes.giveUp(e);
            throw e;
        }
    }

    private static void unhook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // This process is ending, so the hook is at work.
        }
    }

    private Set<Component> missing(Set<Component> wanted) {
        Set<Component> missing = EnumSet.noneOf(Component.class);
        for (Component component : withNeeds(wanted)) {
            if (Started.read(home, component).filter(Started::isAlive).isEmpty()) {
                missing.add(component);
            }
        }
        if (missing.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.BUSY,
                    "the local cluster in " + home.root() + " is already running. `granary status` shows it, `granary"
                            + " restart COMPONENT` starts one component again, `granary down` stops it.");
        }
        return missing;
    }

    private static Set<Component> withNeeds(Set<Component> wanted) {
        Set<Component> all = EnumSet.noneOf(Component.class);
        List<Component> open = new ArrayList<>(wanted);
        while (!open.isEmpty()) {
            Component component = open.remove(open.size() - 1);
            if (all.add(component)) {
                open.addAll(component.needs());
            }
        }
        return all;
    }

    private void refuseMovingPorts() {
        if (fixedPorts.isEmpty() || !Files.exists(home.cluster())) {
            return;
        }
        Ports now = Ports.of(home, Map.of());
        Set<Component> moving = fixedPorts.entrySet().stream()
                .filter(e -> e.getKey().hasPort() && now.of(e.getKey()) != e.getValue())
                .map(Map.Entry::getKey)
                .filter(c -> Started.read(home, c).filter(Started::isAlive).isPresent())
                .collect(Collectors.toSet());
        if (!moving.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.BUSY,
                    moving + " runs on another port than the one given. Stop the cluster with `granary down` first.");
        }
    }

    private Status status(Component component, Ports ports, Processes processes) {
        OptionalInt port = component.hasPort() ? OptionalInt.of(ports.of(component)) : OptionalInt.empty();
        Started started = Started.read(home, component).orElse(null);
        if (started == null) {
            return new Status(component, Status.State.STOPPED, OptionalLong.empty(), port, Duration.ZERO, 0, List.of());
        }
        if (!started.isAlive()) {
            return new Status(
                    component,
                    Status.State.DEAD,
                    OptionalLong.of(started.pid()),
                    port,
                    Duration.ZERO,
                    0,
                    new LogFile(home.log(component.id())).last(LAST_LINES, 0));
        }
        return new Status(
                component,
                processes.isReady(started) ? Status.State.RUNNING : Status.State.STARTING,
                OptionalLong.of(started.pid()),
                port,
                Duration.between(started.at(), Instant.now()),
                Proc.memory(started.pid()),
                List.of());
    }

    private Processes processes(Ports ports) {
        return new Processes(home, new Programs(home, distribution, project, ports), ports);
    }
}
