package io.granary.bench;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.run.RunResults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs verbs as a user does: by the launcher, each in a JVM of its own.
 *
 * @param dist the distribution
 * @param home state folder of a running cluster
 * @param project folder with {@code subjects/}
 */
record Verbs(Path dist, Home home, Path project) {
    /**
     * A verb that ended well.
     *
     * @param cpu user and system time of the process
     * @param output what it wrote to stderr
     */
    record Ran(Instant startedAt, Duration wall, Duration cpu, String output) {
        Instant endedAt() {
            return startedAt.plus(wall);
        }
    }

    /** The same verbs on another project, with a state folder of its own beside the cluster's. */
    Verbs on(Path otherProject, Home other) {
        return new Verbs(dist, other, otherProject);
    }

    /** @throws GranaryException with what the verb said when it failed */
    Ran run(String... words) {
        return run(ProcessBuilder.Redirect.DISCARD, words);
    }

    /** What a verb prints. */
    String text(String... words) throws IOException {
        Path out = Files.createTempFile(home.root(), "verb", ".out");
        run(ProcessBuilder.Redirect.to(out.toFile()), words);
        String text = Files.readString(out);
        Files.delete(out);
        return text;
    }

    private Ran run(ProcessBuilder.Redirect out, String... words) {
        List<String> command =
                new ArrayList<>(List.of(dist.resolve("bin/granary").toString()));
        command.addAll(List.of(words));
        command.addAll(List.of("--home", home.root().toString(), "--project", project.toString()));
        return timed(command, out, home.root(), Map.of());
    }

    /**
     * Runs a command.
     *
     * @param folder for what it says
     * @param environment beside its own, for what must not stand in a list of processes
     * @throws GranaryException with what it said when it failed
     */
    static Ran timed(List<String> words, ProcessBuilder.Redirect out, Path folder, Map<String, String> environment) {
        // bash knows the CPU time of a child that has ended, Java does not
        List<String> command = new ArrayList<>(List.of("bash", "-c", "TIMEFORMAT='%U %S'; time \"$0\" \"$@\""));
        command.addAll(words);
        try {
            Path err = Files.createTempFile(folder, "verb", ".err");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(out).redirectError(err.toFile());
            builder.environment().putAll(environment);
            Instant started = Instant.now();
            long from = System.nanoTime();
            int code = builder.start().waitFor();
            Duration wall = Duration.ofNanos(System.nanoTime() - from);
            String output = Files.readString(err).strip();
            Files.delete(err);
            if (code != 0) {
                throw new GranaryException(
                        ErrorCode.EXTERNAL, String.join(" ", words) + " ended with " + code + ":\n" + output);
            }
            return new Ran(started, wall, cpu(output), output);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot run " + command + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GranaryException(ErrorCode.BUSY, "interrupted while " + words.get(0) + " ran");
        }
    }

    /** What the last build said. */
    RunResults results() {
        return RunResults.read(home.runResults());
    }

    private static Duration cpu(String output) {
        String[] userAndSystem = output.substring(output.lastIndexOf('\n') + 1).split(" ");
        double seconds = Double.parseDouble(userAndSystem[0]) + Double.parseDouble(userAndSystem[1]);
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
