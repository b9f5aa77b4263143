package io.granary.cli.retire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.granary.warehouse.command.CommonOptions;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Each verb in a process of its own, started by the launcher. */
record LaunchedPlatform(CommonOptions options) implements Platform {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public Manifest compile(Path project, Home home) {
        run(
                "the project in " + project + " does not compile",
                List.of(
                        "compile",
                        "--project",
                        project.toAbsolutePath().toString(),
                        "--home",
                        home.root().toString()));
        return Manifest.read(home.manifest());
    }

    @Override
    public boolean isLocal() {
        return Files.isRegularFile(options.home().cluster());
    }

    @Override
    public List<String> runningSince(Instant before, List<String> components) {
        return components.stream()
                .filter(component ->
                        startOf(component).filter(at -> at.isBefore(before)).isPresent())
                .toList();
    }

    /** When the process that runs now was started. */
    private Optional<Instant> startOf(String component) {
        Path file = options.home().run().resolve(component + ".json");
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            JsonNode started = JSON.readTree(Files.readString(file));
            return ProcessHandle.of(started.required("pid").longValue())
                    .filter(ProcessHandle::isAlive)
                    .map(process -> Instant.parse(started.required("started_at").asText()));
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot read " + file + ": " + e, e);
        }
    }

    @Override
    public void restart(String component) {
        run(
                component + " did not start again",
                List.of(
                        "restart",
                        component,
                        "--project",
                        options.project().toAbsolutePath().toString(),
                        "--home",
                        options.home().root().toString()));
    }

    private static void run(String failure, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(CommonOptions.distribution().resolve("bin/granary").toString());
        command.addAll(arguments);
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true);
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            Process process = builder.start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new GranaryException(
                        ErrorCode.DEFINITION, failure + ":\n" + said.strip().replaceFirst("^granary: ", ""));
            }
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot run " + command.get(0) + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GranaryException(ErrorCode.BUSY, "interrupted while `granary " + arguments.get(0) + "` ran", e);
        }
    }
}
