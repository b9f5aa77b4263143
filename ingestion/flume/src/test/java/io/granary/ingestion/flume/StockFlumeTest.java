package io.granary.ingestion.flume;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.warehouse.config.Profile;
import io.granary.warehouse.manifest.LogFiles;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Flume without Granary's launcher runs the properties of a host group with nothing more than what
 * {@code plugins.d/granary} holds: this module and warehouse-sql.
 */
class StockFlumeTest {
    /** Libraries of warehouse-sql that Flume has not. */
    private static final List<String> NOT_IN_FLUME = List.of(
            "picocli", "snakeyaml", "jackson-dataformat-yaml", "jackson-datatype-jsr310", "json-schema", "itu-");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void runsTheGroupsPropertiesAndSaysFarewell() throws Exception {
        Path logs = Files.createDirectories(folder.resolve("logs"));
        Files.writeString(logs.resolve("access.log"), "first\nsecond\n");
        Path conf = conf(logs);
        // a memory channel may end with what its sink has not taken: the last heartbeat too
        for (int attempt = 0; attempt < 5 && !landed().contains("\"state\":\"stopped\""); attempt++) {
            runOnce(conf);
        }
        assertThat(landed()).contains("web-7", "landing", "kind", "heartbeat", "\"lines\":2", "\"state\":\"stopped\"");
        Path positions = folder.resolve("state/positions-traffic.access_log.json");
        assertThat(new PositionFile(positions).load().positions().values())
                .extracting(Position::offset)
                .containsExactly(13L);
    }

    private void runOnce(Path conf) throws Exception {
        int before = heartbeats();
        Process flume = start(conf);
        try {
            await(flume, () -> landed().contains("second\n") && heartbeats() > before);
            flume.destroy();
            assertThat(flume.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            flume.destroyForcibly();
        }
    }

    private int heartbeats() {
        return landed().split("\"state\":\"running\"", -1).length;
    }

    /** As the verb prints it, with a channel and a sink that need no store. */
    private Path conf(Path logs) throws IOException {
        Path profile = Files.writeString(folder.resolve("profile.yaml"), """
                fs: hdfs://127.0.0.1:1
                kafka: 127.0.0.1:2
                host_groups: {web: [web-7]}
                """);
        Profile read = Profile.load(profile, Map.of());
        var source =
                AgentConfigTest.log("traffic", "access_log", false, new LogFiles("shop", logs + "/access.log*", "web"));
        String text = new AgentConfig(read, AgentPlace.group(read, "web"), Map.of())
                .render(AgentConfigTest.manifest(source))
                .lines()
                .filter(line -> !line.contains(".hdfs.") && !line.contains(".kafka.") && !line.contains(".type = hdfs"))
                .filter(line -> !line.contains("KafkaChannel") && !line.contains("compressionCodec"))
                .collect(Collectors.joining("\n"));
        Files.createDirectories(folder.resolve("landed"));
        return Files.writeString(folder.resolve("flume.conf"), text + """

                granary.sources.traffic-access_log.heartbeatMs = 200
                granary.sources.traffic-access_log.lockFolder = %s/locks
                granary.channels.traffic-access_log.type = memory
                granary.sinks.traffic-access_log.type = file_roll
                granary.sinks.traffic-access_log.sink.rollInterval = 0
                granary.sinks.traffic-access_log.sink.directory = %s/landed
                granary.sinks.traffic-access_log.sink.serializer = avro_event
                """.formatted(folder, folder));
    }

    private Process start(Path conf) throws IOException {
        String classPath = Stream.of(
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                                .split(File.pathSeparator))
                .filter(entry -> NOT_IN_FLUME.stream().noneMatch(new File(entry).getName()::startsWith))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx100m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                "org.apache.flume.node.Application",
                "-n",
                AgentConfig.AGENT,
                "-f",
                conf.toString(),
                "--no-reload-conf");
        builder.environment().put(AgentPlace.HOST, "web-7");
        builder.environment().put(AgentPlace.STATE, folder.resolve("state").toString());
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("flume.log").toFile())
                .start();
    }

    private String landed() {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(folder.resolve("landed"))) {
            for (Path file : files.toList()) {
                all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return all.toString();
    }

    private void await(Process flume, java.util.function.BooleanSupplier done) throws Exception {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!done.getAsBoolean()) {
            assertThat(flume.isAlive() && Instant.now().isBefore(deadline))
                    .as("Flume: %s", Files.readString(folder.resolve("flume.log")))
                    .isTrue();
            Thread.sleep(100);
        }
    }
}
