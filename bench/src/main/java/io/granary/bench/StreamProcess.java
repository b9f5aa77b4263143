package io.granary.bench;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A running {@link StreamPeer}. */
final class StreamProcess implements AutoCloseable {
    private static final int STOP_SECONDS = 30;
    private static final int LOG_LINES = 40;

    private final Process process;
    private final BufferedReader answers;
    private final Path log;

    /**
     * How long it took.
     *
     * @param wall seconds
     * @param cpu seconds of the process, user and system
     */
    record Ran(double wall, double cpu) {}

    /** Starts one, and waits until it can be told to run. */
    StreamProcess(List<String> command, Path log) throws IOException {
        this.log = log;
        this.process = new ProcessBuilder(command).redirectError(log.toFile()).start();
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        answer();
    }

    /** Lets it count a topic whole, with a folder of its own for checkpoints. */
    Ran run(String topic, Path folder) throws IOException {
        begin(topic, folder);
        String[] words = answer().split(" ");
        return new Ran(Long.parseLong(words[1]) / 1e9, Long.parseLong(words[2]) / 1e9);
    }

    /** Lets it begin with a topic, for ever. */
    void begin(String topic, Path folder) throws IOException {
        process.outputWriter(StandardCharsets.UTF_8).write("run " + topic + " " + folder + "\n");
        process.outputWriter(StandardCharsets.UTF_8).flush();
    }

    /** User and system seconds so far. */
    double cpu() {
        return Figures.seconds(process.info().totalCpuDuration().orElse(Duration.ZERO));
    }

    /** @throws GranaryException with the end of its log when it has ended */
    void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw ended();
        }
    }

    private String answer() throws IOException {
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith(StreamPeer.ANSWER)) {
                return line.substring(StreamPeer.ANSWER.length());
            }
        }
        throw ended();
    }

    private GranaryException ended() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return new GranaryException(
                ErrorCode.EXTERNAL,
                "the process that counts ended:\n"
                        + String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size())));
    }

    @Override
    public void close() throws IOException {
        process.outputWriter(StandardCharsets.UTF_8).close();
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
