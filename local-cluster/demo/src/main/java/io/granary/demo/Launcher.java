package io.granary.demo;

import io.granary.warehouse.command.VerbProgram;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs {@code granary} commands as a user would, and waits for them. */
record Launcher(VerbProgram granary) {
    /** Runs a command with its messages passed through; returns the exit code. */
    int run(String... args) {
        try {
            Process process = granary.process(List.of(args))
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return await(process, args);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot start " + granary.program() + ": " + e, e);
        }
    }

    /** What a command wrote to stdout, and its messages. */
    record Said(String output, String messages) {}

    /** Runs a command that shows nothing on the screen; when it fails its messages are the error. */
    Said quietly(String... args) {
        try {
            Path messages = Files.createTempFile("granary-" + args[0], ".err");
            try {
                Process process = granary.process(List.of(args))
                        .redirectError(messages.toFile())
                        .start();
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                int code = await(process, args);
                Said said = new Said(output, Files.readString(messages).strip());
                if (code != 0) {
                    throw new GranaryException(
                            ErrorCode.EXTERNAL,
                            "`granary " + args[0] + "` ended with exit code " + code + ": " + said.messages());
                }
                return said;
            } finally {
                Files.delete(messages);
            }
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot run `granary " + args[0] + "`: " + e, e);
        }
    }

    /** Waits for the command; if this process is told to end meanwhile, the command is too. */
    private static int await(Process process, String... args) {
        Thread stop = new Thread(process::destroy, "stop-" + args[0]);
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            int code = process.waitFor();
            forget(stop);
            return code;
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new GranaryException(ErrorCode.USAGE, "interrupted while `granary " + args[0] + "` ran", e);
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // this process is ending already
        }
    }
}
