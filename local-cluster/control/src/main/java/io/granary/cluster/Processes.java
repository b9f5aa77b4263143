package io.granary.cluster;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Starts, watches and ends the processes of one state folder. */
final class Processes {
    private static final Duration READY_WITHIN = Duration.ofMinutes(3);
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(30);
    private static final Duration RECORDED_WITHIN = Duration.ofMinutes(3);
    /** Of a start that was given up nobody wants the archive; its process is ended while it writes that. */
    private static final Duration GIVEN_UP_WITHIN = Duration.ofSeconds(5);

    private static final int LINES_OF_A_FAILURE = 20;

    private final Home home;
    private final Programs programs;
    private final Ports ports;
    private final Set<Component> begun = EnumSet.noneOf(Component.class);
    private boolean aborted;
    private RuntimeException reason;

    Processes(Home home, Programs programs, Ports ports) {
        this.home = home;
        this.programs = programs;
        this.ports = ports;
    }

    /** Starts a component and returns when it takes requests. */
    void start(Component component, boolean recordClasses) {
        Program program = programs.of(component, recordClasses);
        LogFile log = new LogFile(home.log(component.id()));
        long from;
        Started started;
        synchronized (this) {
            refuseWhenAborted(component);
            from = log.begin("== granary starts " + component + " at " + Instant.now());
            started = spawn(component, program, log);
            begun.add(component);
        }
        awaitReady(started, log, from);
    }

    /**
     * Ends a component: politely, then by force, and keeps the archive of its classes if it writes one. Does nothing
     * when its process is gone, or is not ours any more.
     */
    void stop(Component component) {
        stop(component, true);
    }

    private void stop(Component component, boolean archive) {
        Started started = Started.read(home, component).orElse(null);
        if (started == null) {
            return;
        }
        boolean byForce = false;
        if (started.isAlive()) {
            ProcessHandle.of(started.pid()).ifPresent(ProcessHandle::destroy);
            if (!awaitEnd(started, patience(started, archive))) {
                byForce = true;
                kill(started);
            }
        }
        keepArchive(component, archive && !byForce);
        delete(Programs.ready(home, component));
        delete(Started.file(home, component));
    }

    private static Duration patience(Started started, boolean archive) {
        if (!started.recordsClasses()) {
            return STOPPED_WITHIN;
        }
        return archive ? RECORDED_WITHIN : GIVEN_UP_WITHIN;
    }

    /** Ends a process at once, as a crash would. */
    void kill(Started started) {
        if (started.isAlive()) {
            ProcessHandle.of(started.pid()).ifPresent(ProcessHandle::destroyForcibly);
            awaitEnd(started, STOPPED_WITHIN);
        }
    }

    /** Stops what this object has started, and lets it start nothing more. */
    void abort() {
        Set<Component> toStop;
        synchronized (this) {
            aborted = true;
            toStop = begun.isEmpty() ? Set.of() : EnumSet.copyOf(begun);
        }
        StartOrder.stop(toStop, component -> stop(component, false));
    }

    /** Lets the starts that wait for something give up, because another one failed. */
    synchronized void giveUp(RuntimeException failure) {
        aborted = true;
        reason = reason == null ? failure : reason;
    }

    /** The failure because of which the starts were given up. */
    synchronized Optional<RuntimeException> reason() {
        return Optional.ofNullable(reason);
    }

    boolean isReady(Started started) {
        return switch (started.component()) {
            case REDIS -> RedisServer.answers(ports.of(Component.REDIS));
            case MARIADB ->
                MariaDbServer.answers(ports.of(Component.MARIADB), new Secrets(home).password(MariaDbServer.SECRET));
            default -> saysReady(started);
        };
    }

    private boolean saysReady(Started started) {
        try {
            return Files.readString(Programs.ready(home, started.component()))
                    .strip()
                    .equals(String.valueOf(started.pid()));
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot read the state of " + started.component(), e);
        }
    }

    private Started spawn(Component component, Program program, LogFile log) {
        delete(Programs.ready(home, component));
        delete(programs.recording(component));
        // In a session of its own, so that Ctrl-C in our terminal does not reach it.
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(program.command());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(program.folder().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.path().toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(log.path().toFile()));
        builder.environment().putAll(program.environment());
        try {
            Files.createDirectories(home.run());
            Process process = builder.start();
            Started started = new Started(
                    component,
                    process.pid(),
                    Proc.birth(process.pid()).orElse("ended"),
                    Instant.now(),
                    program.command());
            started.write(home);
            return started;
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot start " + component + ": " + e.getMessage(), e);
        }
    }

    private void awaitReady(Started started, LogFile log, long from) {
        Instant deadline = Instant.now().plus(READY_WITHIN);
        while (!isReady(started)) {
            refuseWhenAborted(started.component());
            if (!started.isAlive()) {
                throw failure(started.component(), "ended while it started", log, from);
            }
            if (Instant.now().isAfter(deadline)) {
                throw failure(
                        started.component(), "takes no requests after " + READY_WITHIN.toSeconds() + " s", log, from);
            }
            pause();
        }
    }

    private synchronized void refuseWhenAborted(Component component) {
        if (aborted) {
            throw new GranaryException(ErrorCode.EXTERNAL, "the start of " + component + " was given up");
        }
    }

    private static GranaryException failure(Component component, String what, LogFile log, long from) {
        List<String> lines = log.last(LINES_OF_A_FAILURE, from);
        return new GranaryException(
                ErrorCode.EXTERNAL,
                component + " " + what + ". "
                        + (lines.isEmpty()
                                ? "It wrote nothing to " + log.path()
                                : "The end of " + log.path() + ":\n    " + String.join("\n    ", lines)));
    }

    private static boolean awaitEnd(Started started, Duration timeout) {
        Instant deadline = Instant.now().plus(timeout);
        while (started.isAlive()) {
            if (Instant.now().isAfter(deadline)) {
                return false;
            }
            pause();
        }
        return true;
    }

    /** An archive becomes usable when its process has written it to the end; those of other jars go. */
    private void keepArchive(Component component, boolean whole) {
        Path recorded = programs.recording(component);
        if (!Files.exists(recorded)) {
            return;
        }
        Path archive = programs.archive(component).orElseThrow();
        try {
            if (whole) {
                Files.createDirectories(archive.getParent());
                Path part = Files.createTempFile(archive.getParent(), component.id(), ".part");
                Files.copy(recorded, part, StandardCopyOption.REPLACE_EXISTING);
                Files.move(part, archive, StandardCopyOption.ATOMIC_MOVE);
                try (Stream<Path> files = Files.list(archive.getParent())) {
                    files.filter(f -> f.getFileName().toString().matches(component.id() + "-[0-9a-f]+\\.jsa"))
                            .filter(f -> !f.equals(archive))
                            .forEach(Processes::delete);
                }
            }
        } catch (IOException e) {
            // A distribution that we may not write to works as well, only slower.
            new LogFile(home.log(component.id())).begin("== granary cannot keep the class archive: " + e);
        }
        delete(recorded);
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot remove " + file + ": " + e, e);
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GranaryException(ErrorCode.EXTERNAL, "interrupted", e);
        }
    }
}
