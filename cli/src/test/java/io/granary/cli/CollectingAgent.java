package io.granary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.granary.warehouse.config.Home;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The agent of a local cluster, started again and again by the command that {@code granary up} started it with. */
final class CollectingAgent {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Home home;
    private final Path dist;
    private final List<String> command;
    private Process process;

    /** Of an agent that {@code granary up} has started once. */
    CollectingAgent(Home home, Path dist) throws IOException {
        this.home = home;
        this.dist = dist;
        this.command = new ArrayList<>();
        JsonNode started = JSON.readTree(home.run().resolve("flume.json").toFile());
        started.required("command").forEach(word -> command.add(word.asText()));
    }

    /** Its name in records, as it was told to Flume. */
    String name() throws IOException {
        Properties settings = new Properties();
        try (Reader in = Files.newBufferedReader(home.data("flume").resolve("agent.conf"))) {
            settings.load(in);
        }
        return settings.stringPropertyNames().stream()
                .filter(key -> key.matches("granary\\.sources\\.[^.]+\\.host"))
                .map(settings::getProperty)
                .findFirst()
                .orElseThrow();
    }

    void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(home.log("flume").toFile()));
        builder.environment()
                .putAll(Map.of("GRANARY_DIST", dist.toString(), "SPARK_LOCAL_IP", "127.0.0.1", "LC_ALL", "C.UTF-8"));
        process = builder.start();
    }

    /** Returns when it collects. */
    void awaitStart() throws Exception {
        Path ready = home.run().resolve("flume.ready");
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!Files.exists(ready) || !Files.readString(ready).strip().equals(Long.toString(process.pid()))) {
            assertThat(process.isAlive())
                    .as("the agent, see %s", home.log("flume"))
                    .isTrue();
            assertThat(Instant.now()).as("the agent's start").isBefore(deadline);
            Thread.sleep(50);
        }
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** An orderly stop. */
    void stop() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("the agent's stop")
                .isTrue();
    }

    /** Lets every write to a file fail from now on, as on a full disk; sockets are not concerned. */
    void fillDisk() throws Exception {
        Process limit = new ProcessBuilder("prlimit", "--pid", Long.toString(process.pid()), "--fsize=0")
                .inheritIO()
                .start();
        assertThat(limit.waitFor()).as("exit code of prlimit").isZero();
    }

    /** Returns when Kafka has acknowledged every byte of the files in a folder. */
    void awaitAll(String source, Path logs) throws Exception {
        Path positions = home.data("flume").resolve("positions-" + source + ".json");
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!remaining(positions, logs).isEmpty()) {
            assertThat(isAlive()).as("the agent, see %s", home.log("flume")).isTrue();
            assertThat(Instant.now())
                    .as("the end of %s", remaining(positions, logs))
                    .isBefore(deadline);
            Thread.sleep(100);
        }
    }

    /** Files that are not read to their end. */
    private static List<Path> remaining(Path positions, Path logs) throws IOException {
        Map<Path, Long> read = new HashMap<>();
        if (Files.exists(positions)) {
            JSON.readTree(positions.toFile()).required("files").forEach(file -> {
                if (!file.path("gone").asBoolean()) {
                    read.merge(
                            Path.of(file.required("path").asText()),
                            file.required("offset").asLong(),
                            Math::max);
                }
            });
        }
        List<Path> remaining = new ArrayList<>();
        try (Stream<Path> files = Files.list(logs)) {
            for (Path file : files.toList()) {
                if (Files.size(file) > 0 && read.getOrDefault(file, 0L) != Files.size(file)) {
                    remaining.add(file);
                }
            }
        }
        return remaining;
    }
}
