package io.granary.ingestion.inbox;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Other verbs, each as a process of its own with its own class path.
 *
 * @param program the distribution's {@code bin/granary}
 * @param options that every verb is given: home, project, profile
 */
record Launcher(Path program, List<String> options) {
    Launcher {
        options = List.copyOf(options);
    }

    /** How a verb ended. */
    record Ended(int code, List<String> output, String errors) {}

    /**
     * Runs a verb whose messages go where ours go.
     *
     * @throws GranaryException when it fails
     */
    void run(String... verb) {
        Ended ended = start(false, verb);
        if (ended.code() != 0) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "`granary " + String.join(" ", verb) + "` failed with exit code " + ended.code()
                            + "; its message is above. The files stay in the inbox: run the same command again and it"
                            + " goes on from there.");
        }
    }

    /** Runs a verb and keeps what it prints. */
    Ended ask(String... verb) {
        return start(true, verb);
    }

    private Ended start(boolean keepErrors, String... verb) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(verb));
        command.addAll(options);
        Path errors = null;
        try {
            errors = Files.createTempFile("granary-", ".err");
            ProcessBuilder builder = new ProcessBuilder(command);
            // what a person brings goes into production, whatever environment the shell is in
            builder.environment().remove("GRANARY_ENV");
            Process process = builder.redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectError(
                            keepErrors ? ProcessBuilder.Redirect.to(errors.toFile()) : ProcessBuilder.Redirect.INHERIT)
                    .start();
            List<String> output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return new Ended(process.waitFor(), output, Files.readString(errors));
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot run " + program + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GranaryException(ErrorCode.EXTERNAL, "interrupted while running granary " + verb[0], e);
        } finally {
            delete(errors);
        }
    }

    private static void delete(Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // a forgotten file in the system's temporary folder harms nobody
            org.slf4j.LoggerFactory.getLogger(Launcher.class).debug("deleting {}", file, e);
        }
    }
}
