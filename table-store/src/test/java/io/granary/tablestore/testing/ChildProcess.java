package io.granary.tablestore.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A JVM with this one's class path, whose lines are kept, and which may be killed as by {@code kill -9}. */
public final class ChildProcess {
    private final Process process;
    private final String name;
    private final List<String> lines = new ArrayList<>();
    private final Thread pump;

    private ChildProcess(Process process, String name) {
        this.process = process;
        this.name = name;
        this.pump = new Thread(this::pump, name);
        pump.setDaemon(true);
        pump.start();
    }

    public static ChildProcess start(Class<?> main, Path folder, String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--add-"))
                .forEach(command::add);
        command.add("-cp");
        command.add(classPath());
        command.add(main.getName());
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        folder.resolve(main.getSimpleName() + ".err").toFile()))
                .start();
        return new ChildProcess(process, main.getSimpleName());
    }

    private static String classPath() {
        // surefire may have put the class path into the manifest of a jar
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private void pump() {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            add("ended: " + e);
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    public synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    public void send(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String await(Predicate<String> wanted, Duration patience) throws InterruptedException {
        return awaitAfter(0, wanted, patience);
    }

    public String awaitAfter(int from, Predicate<String> wanted, Duration patience) throws InterruptedException {
        int index = indexAfter(from, wanted, patience);
        synchronized (this) {
            return lines.get(index);
        }
    }

    /** Index of the first line from {@code from} on that is wanted. */
    public synchronized int indexAfter(int from, Predicate<String> wanted, Duration patience)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        int next = from;
        while (true) {
            for (; next < lines.size(); next++) {
                if (wanted.test(lines.get(next))) {
                    return next;
                }
            }
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError(name + " did not say it in " + patience + "; it said "
                        + lines.subList(Math.max(0, lines.size() - 20), lines.size()));
            }
            wait(left);
        }
    }

    /** Tells it to end, as `kill` does (SIGTERM), and returns its exit code. */
    public int terminate() throws InterruptedException {
        process.destroy();
        return process.waitFor();
    }

    /** Returns when the process is gone and all it said was read. */
    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
            pump.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
