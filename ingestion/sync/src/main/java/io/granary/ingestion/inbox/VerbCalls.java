package io.granary.ingestion.inbox;

import io.granary.warehouse.command.VerbProgram;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs other verbs, each as a process of its own, and waits for them. */
record VerbCalls(VerbProgram granary) {
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
        Path errors = null;
        try {
            errors = Files.createTempFile("granary-", ".err");
            Process process = granary.process(List.of(verb))
                    .redirectError(
                            keepErrors ? ProcessBuilder.Redirect.to(errors.toFile()) : ProcessBuilder.Redirect.INHERIT)
                    .start();
            List<String> output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return new Ended(process.waitFor(), output, Files.readString(errors));
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot run " + granary.program() + ": " + e, e);
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
            org.slf4j.LoggerFactory.getLogger(VerbCalls.class).debug("deleting {}", file, e);
        }
    }
}
