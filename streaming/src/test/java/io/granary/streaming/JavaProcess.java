package io.granary.streaming;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Java program in a process of its own, which may be killed at any time and started again. */
public final class JavaProcess implements AutoCloseable {
    private final String classPath;
    private final List<String> flags;
    private final List<String> words;
    private final Path log;
    private Process process;

    /**
     * @param flags of the JVM
     * @param words main class and arguments
     * @param log gets what it says; of all its runs
     */
    public JavaProcess(String classPath, List<String> flags, List<String> words, Path log) {
        this.classPath = classPath;
        this.flags = List.copyOf(flags);
        this.words = List.copyOf(words);
        this.log = log;
    }

    /** Class path of groups of the distribution (docs/contracts.md, section 1), as far as the build has packed them. */
    public static String distribution(String... groups) throws IOException {
        Path dist = Path.of(System.getProperty("granary.dist"));
        List<String> jars = new ArrayList<>();
        for (String group : groups) {
            jars.add(dist.resolve("lib/" + group + "/granary-" + group + ".jar").toString());
            String others = Files.readString(dist.resolve("lib/" + group + "/class-path"));
            for (String jar : others.strip().split(":")) {
                jars.add(dist.resolve(jar).toString());
            }
        }
        return String.join(":", jars);
    }

    /** What Spark needs of a JVM, as this one has it. */
    public static List<String> opens() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--add-opens") || flag.startsWith("-Djdk"))
                .toList();
    }

    public void start() throws IOException {
        start(List.of(), Map.of());
    }

    /** Starts it with more flags and environment, this time. */
    public void start(List<String> more, Map<String, String> environment) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(flags);
        command.addAll(more);
        command.addAll(List.of("-Duser.timezone=UTC", "-cp", classPath));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        process = builder.start();
    }

    /** Waits until it has written a file. */
    public void await(Path ready) throws IOException, InterruptedException {
        while (!Files.exists(ready)) {
            if (!process.isAlive()) {
                throw new IOException(words.get(0) + " ended: " + log());
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** Waits until it has ended by itself, and well. */
    public void awaitEnd() throws IOException, InterruptedException {
        if (process.waitFor() != 0) {
            throw new IOException(words.get(0) + " ended with " + process.exitValue() + ": " + log());
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** As kill -9. */
    public void kill() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    /** The end of what it has said, with what its threads are doing now. */
    public String stuck() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-3", Long.toString(process.pid())).start().waitFor();
        TimeUnit.SECONDS.sleep(2);
        return log();
    }

    /** The end of what it has said. */
    public String log() throws IOException {
        String all = Files.exists(log) ? Files.readString(log) : "";
        return all.substring(Math.max(0, all.length() - 60_000));
    }

    /** As SIGTERM, and kill -9 when it does not end. */
    @Override
    public void close() throws InterruptedException {
        if (process == null) {
            return;
        }
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            kill();
        }
    }
}
