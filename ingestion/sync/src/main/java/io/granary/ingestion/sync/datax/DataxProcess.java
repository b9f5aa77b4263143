package io.granary.ingestion.sync.datax;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of DataX: its output is read line by line without secrets, its exit code becomes a failure that says why. */
final class DataxProcess {
    private static final Logger LOG = LoggerFactory.getLogger(DataxProcess.class);
    private static final int LAST_LINES = 40;
    private static final int SHOWN_LINES = 8;
    private static final int SIGTERM = 143;
    private static final int SIGKILL = 137;
    private static final Duration TO_END = Duration.ofSeconds(5);

    private final DataxHome home;
    private final JobFile job;
    private final DataxCounts counts = new DataxCounts();
    private final Deque<String> last = new ArrayDeque<>();
    private volatile long heard = System.nanoTime();

    DataxProcess(DataxHome home, JobFile job) {
        this.home = home;
        this.job = job;
    }

    /**
     * Runs it to its end.
     *
     * @return what DataX counted
     * @throws GranaryException when it fails, is killed, says nothing for too long, or does not count
     */
    DataxCounts run() {
        Process process = start();
        Thread reading = new Thread(() -> read(process), "datax-output");
        reading.setDaemon(true);
        reading.start();
        try {
            await(process);
            reading.join(TO_END.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GranaryException(ErrorCode.EXTERNAL, "DataX was stopped: the job was interrupted", e);
        } finally {
            kill(process);
        }
        check(process.exitValue());
        return counts;
    }

    private Process start() {
        List<String> command = home.command(job.path());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.directory(home.root().toFile());
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot start DataX by " + command.get(0) + ": " + e, e);
        }
    }

    private void read(Process process) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                heard = System.nanoTime();
                String safe = job.withoutSecrets(line);
                LOG.debug("datax: {}", safe);
                if (safe.contains("jobContainer starts job")) {
                    // DataX has read its job: the file with the secrets is needed no more
                    job.delete();
                }
                counts.line(safe);
                keep(safe);
            }
        } catch (IOException e) {
            LOG.debug("the output of DataX ended: {}", e.toString());
        }
    }

    private synchronized void keep(String line) {
        if (last.size() == LAST_LINES) {
            last.removeFirst();
        }
        last.addLast(line);
    }

    private void await(Process process) throws InterruptedException {
        while (!process.waitFor(200, TimeUnit.MILLISECONDS)) {
            if (System.nanoTime() - heard > home.silence().toNanos()) {
                kill(process);
                throw new GranaryException(
                        ErrorCode.EXTERNAL,
                        "DataX said nothing for " + home.silence().toSeconds() + " s and was killed" + lastLines());
            }
        }
    }

    private static void kill(Process process) {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        children.forEach(ProcessHandle::destroy);
        try {
            if (!process.waitFor(TO_END.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
            children.forEach(ProcessHandle::destroyForcibly);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
            Thread.currentThread().interrupt();
        }
    }

    private void check(int exit) {
        switch (exit) {
            case 0 -> counts.check();
            case SIGTERM, SIGKILL ->
                throw new GranaryException(ErrorCode.EXTERNAL, "DataX was killed (exit " + exit + ")" + lastLines());
            default -> throw new GranaryException(ErrorCode.EXTERNAL, "DataX failed (exit " + exit + ")" + lastLines());
        }
    }

    /** What it said last that looks like a reason. */
    private synchronized String lastLines() {
        List<String> reasons = last.stream()
                .filter(line -> line.contains("Exception") || line.contains("ERROR") || line.contains("错误"))
                .toList();
        List<String> shown = reasons.isEmpty() ? List.copyOf(last) : reasons;
        return shown.isEmpty()
                ? "; it said nothing"
                : ":\n  " + String.join("\n  ", shown.subList(Math.max(0, shown.size() - SHOWN_LINES), shown.size()));
    }
}
