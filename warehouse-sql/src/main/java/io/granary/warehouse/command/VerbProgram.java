package io.granary.warehouse.command;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The distribution's launcher, for verbs that run other verbs: each is a process of its own with its own class path.
 *
 * @param program {@code bin/granary}
 * @param options that every verb is given: home, project, profile
 */
public record VerbProgram(Path program, List<String> options) {
    /** @throws GranaryException when there is no such program */
    public VerbProgram {
        options = List.copyOf(options);
        if (!Files.isExecutable(program)) {
            throw new GranaryException(
                    ErrorCode.USAGE,
                    "no launcher at " + program + ". Start Granary by its own launcher, bin/granary, which sets"
                            + " GRANARY_DIST.");
        }
    }

    /** A verb that is to be started: without input, and in production, whatever environment the shell is in. */
    public ProcessBuilder process(List<String> verb) {
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(verb);
        command.addAll(options);
        ProcessBuilder process = new ProcessBuilder(command);
        process.environment().remove("GRANARY_ENV");
        return process.redirectInput(
                ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    }
}
