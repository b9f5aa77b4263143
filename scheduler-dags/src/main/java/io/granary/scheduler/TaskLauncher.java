package io.granary.scheduler;

import io.granary.warehouse.command.VerbProgram;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Starts tasks, which are {@code granary} commands, as processes of their own. */
record TaskLauncher(VerbProgram granary) {
    /** Starts a task for a day; what it prints goes to {@code log}, which is begun anew. */
    Process start(Workflow.Task task, String ds, Path log) {
        // The first word names the program, granary.
        List<String> verb = task.command().stream()
                .skip(1)
                .map(word -> word.replace(Workflow.DS, ds))
                .toList();
        try {
            Files.createDirectories(log.getParent());
            return granary.process(verb)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new GranaryException(
                    ErrorCode.RESOURCES, "task " + task.name() + " cannot be started: " + e.getMessage(), e);
        }
    }
}
