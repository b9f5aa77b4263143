package io.granary.cluster;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Runs {@code granary compile} in a process of its own: components read the manifest it writes. */
final class ProjectCompile implements AutoCloseable {
    private final Home home;
    private final Distribution distribution;
    private final Path project;
    private Process process;
    private boolean closed;

    ProjectCompile(Home home, Distribution distribution, Path project) {
        this.home = home;
        this.distribution = distribution;
        this.project = project;
    }

    void run() {
        LogFile log = new LogFile(home.log("compile"));
        long from = log.begin("== granary compile");
        try {
            if (begin(log).waitFor() != 0) {
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        "the project " + project + " does not compile:\n" + String.join("\n", log.last(100, from)));
            }
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot run " + distribution.launcher() + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GranaryException(ErrorCode.EXTERNAL, "interrupted while the project was compiled", e);
        }
    }

    private synchronized Process begin(LogFile log) throws IOException {
        if (closed) {
            throw new GranaryException(ErrorCode.EXTERNAL, "the start was given up");
        }
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        distribution.launcher().toString(),
                        "compile",
                        "--home",
                        home.root().toString(),
                        "--project",
                        project.toAbsolutePath().toString(),
                        "--profile",
                        home.profile().toString()))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.path().toFile()));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        process = builder.start();
        return process;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (process != null) {
            process.destroy();
        }
    }
}
