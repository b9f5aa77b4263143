package io.granary.scheduler;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts {@code granary} commands as processes of their own.
 *
 * @param program the launcher of the distribution
 * @param options handed on to every command: home, project and profile
 */
record Launcher(Path program, List<String> options) {
    Launcher {
        options = List.copyOf(options);
        if (!Files.isExecutable(program)) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    "no launcher at " + program + ". Start Granary by its own launcher, bin/granary, which sets"
                            + " GRANARY_DIST.");
        }
    }

    /** Starts a task for a day; what it prints goes to {@code log}, which is begun anew. */
    Process start(Workflow.Task task, String ds, Path log) {
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        // The first word names the program, granary.
        task.command().stream()
                .skip(1)
                .map(word -> word.replace(Workflow.DS, ds))
                .forEach(command::add);
        command.addAll(options);
        try {
            Files.createDirectories(log.getParent());
            ProcessBuilder builder = new ProcessBuilder(command);
            // the schedule is production's, whatever environment the shell is in
            builder.environment().remove("GRANARY_ENV");
            return builder.redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new GranaryException(
                    ErrorCode.RESOURCES, "task " + task.name() + " cannot be started: " + e.getMessage(), e);
        }
    }
}
