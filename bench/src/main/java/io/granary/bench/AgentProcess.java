package io.granary.bench;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Flume agent in a JVM of its own: Flume's main class on the distribution's agent class path. */
final class AgentProcess implements AutoCloseable {
    private static final Duration STOP = Duration.ofSeconds(60);

    private final Process process;
    private final Path log;

    private AgentProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts an agent.
     *
     * @param folder for its properties and its log
     * @param name of the agent in the properties
     * @param jars in front of the distribution's
     * @param flags of the JVM
     */
    static AgentProcess start(
            Path dist, Path folder, String name, String properties, List<Path> jars, List<String> flags)
            throws IOException {
        Path file = folder.resolve("agent.conf");
        Files.writeString(file, properties);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dgranary.agent.started=" + System.currentTimeMillis(),
                "-Dlog4j2.configurationFile=" + dist.resolve("conf/log4j2.properties")));
        command.addAll(flags);
        command.addAll(List.of(
                "-cp",
                Stream.concat(jars.stream().map(Path::toString), Stream.of(classPath(dist)))
                        .collect(Collectors.joining(":")),
                "org.apache.flume.node.Application",
                "-n",
                name,
                "-f",
                file.toString(),
                "--no-reload-conf"));
        Path log = folder.resolve("agent.log");
        return new AgentProcess(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start(),
                log);
    }

    private static String classPath(Path dist) throws IOException {
        String group = Files.readString(dist.resolve("lib/flume/class-path")).strip();
        return dist.resolve("lib/flume/granary-flume.jar") + ":"
                + List.of(group.split(":")).stream()
                        .map(entry -> dist.resolve(entry).toString())
                        .collect(Collectors.joining(":"));
    }

    /** User and system seconds so far. */
    double cpu() {
        return Figures.seconds(process.info().totalCpuDuration().orElse(Duration.ZERO));
    }

    /** @throws GranaryException with the end of its log when it has ended */
    void requireAlive() throws IOException {
        if (!process.isAlive()) {
            List<String> lines = Files.readAllLines(log);
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "the agent ended with " + process.exitValue() + ":\n"
                            + String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size())));
        }
    }

    /** Lets it close its files. */
    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new GranaryException(
                        ErrorCode.EXTERNAL,
                        "the agent did not stop within " + STOP.toSeconds() + " s; its log: " + log);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
