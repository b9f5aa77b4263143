package io.granary.scheduler;

import io.granary.scheduler.Workflow.Task;
import io.granary.scheduler.WorkflowResults.TaskResult;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Runs a workflow for one day on this machine: each task is a process, tasks that do not wait for each other run side by
 * side, and a task that fails holds up only what comes after it. One thread decides; processes report to its queue.
 */
final class LocalRunner {
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(10);
    private static final Duration TIME_TO_STOP = Duration.ofSeconds(15);

    private final Workflow workflow;
    private final TaskLauncher launcher;
    private final Home home;
    private final int parallel;
    private final Progress progress;
    private final Clock clock;

    private final BlockingQueue<Optional<Task>> ended = new LinkedBlockingQueue<>();
    private final Map<Task, Running> running = new LinkedHashMap<>();
    private final Map<String, TaskResult> results = new LinkedHashMap<>();
    private volatile boolean stopping;

    /** @param parallel how many tasks may run at once */
    LocalRunner(Workflow workflow, TaskLauncher launcher, Home home, int parallel, Progress progress, Clock clock) {
        this.workflow = workflow;
        this.launcher = launcher;
        this.home = home;
        this.parallel = parallel;
        this.progress = progress;
        this.clock = clock;
    }

    private record Running(Process process, Path log, long startedNanos) {
        double seconds() {
            return (System.nanoTime() - startedNanos) / 1e9;
        }
    }

    /** Runs the workflow to its end, or until {@link #stop}; writes {@code target/workflow-results.json}. */
    WorkflowResults run(LocalDate ds) throws InterruptedException {
        long started = System.nanoTime();
        try {
            while (results.size() < workflow.tasks().size()) {
                startReady(ds.toString());
                Optional<Task> report = ended.poll(SIGN_OF_LIFE.toMillis(), TimeUnit.MILLISECONDS);
                if (report == null) {
                    running.forEach((task, run) -> progress.alive(task.name(), run.seconds()));
                } else if (report.isPresent()) {
                    finish(report.get());
                }
                if (stopping) {
                    stopRunning();
                    break;
                }
            }
        } finally {
            running.values().forEach(run -> tree(run.process()).forEach(ProcessHandle::destroyForcibly));
        }
        WorkflowResults all = new WorkflowResults(
                workflow.name(),
                ds.toString(),
                clock.instant().toString(),
                (System.nanoTime() - started) / 1e9,
                inOrder());
        all.write(home.workflowResults());
        return all;
    }

    /** Ends the run: children are asked to stop, and killed when they do not. May be called from any thread. */
    void stop() {
        stopping = true;
        ended.add(Optional.empty());
    }

    private void startReady(String ds) {
        for (Task task : workflow.tasks()) {
            if (stopping || running.size() >= parallel) {
                return;
            }
            if (!results.containsKey(task.name()) && !running.containsKey(task) && isReady(task)) {
                start(task, ds);
            }
        }
    }

    private boolean isReady(Task task) {
        return task.after().stream()
                .allMatch(before ->
                        results.containsKey(before) && results.get(before).isSuccess());
    }

    private void start(Task task, String ds) {
        Path log = home.logs()
                .resolve("tasks")
                .resolve(workflow.name())
                .resolve(ds)
                .resolve(task.name() + ".log");
        try {
            Process process = launcher.start(task, ds, log);
            running.put(task, new Running(process, log, System.nanoTime()));
            process.onExit().thenRun(() -> ended.add(Optional.of(task)));
        } catch (GranaryException e) {
            fail(task, new TaskResult(task.name(), "error", 0, null, null, e.getMessage()));
        }
    }

    private void finish(Task task) {
        Running run = running.remove(task);
        int code = run.process().exitValue();
        String log = run.log().toString();
        if (code == 0) {
            done(new TaskResult(task.name(), "success", run.seconds(), code, log, null));
        } else {
            fail(task, new TaskResult(task.name(), "error", run.seconds(), code, log, "exit code " + code));
        }
    }

    private void fail(Task task, TaskResult result) {
        done(result);
        skipAfter(task);
    }

    private void skipAfter(Task failed) {
        for (Task task : workflow.tasks()) {
            if (task.after().contains(failed.name()) && !results.containsKey(task.name())) {
                done(new TaskResult(task.name(), "skipped", 0, null, null, failed.name() + " did not succeed"));
                skipAfter(task);
            }
        }
    }

    private void done(TaskResult result) {
        results.put(result.task(), result);
        progress.done(results.size(), workflow.tasks().size(), result);
    }

    private void stopRunning() throws InterruptedException {
        running.values().forEach(run -> tree(run.process()).forEach(ProcessHandle::destroy));
        long deadline = System.nanoTime() + TIME_TO_STOP.toNanos();
        for (Map.Entry<Task, Running> entry : running.entrySet()) {
            Running run = entry.getValue();
            List<ProcessHandle> tree = tree(run.process());
            if (!run.process().waitFor(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                tree.forEach(ProcessHandle::destroyForcibly);
                run.process().waitFor();
            }
            int code = run.process().exitValue();
            done(new TaskResult(
                    entry.getKey().name(),
                    code == 0 ? "success" : "error",
                    run.seconds(),
                    code,
                    run.log().toString(),
                    code == 0 ? null : "stopped"));
        }
        running.clear();
        for (Task task : workflow.tasks()) {
            if (!results.containsKey(task.name())) {
                done(new TaskResult(task.name(), "skipped", 0, null, null, "stopped"));
            }
        }
    }

    /**
     * A process and all that it started: the launcher may be a shell around the JVM. The shell comes first, else it might
     * see its child end and take that for success.
     */
    private static List<ProcessHandle> tree(Process process) {
        List<ProcessHandle> tree = new ArrayList<>();
        tree.add(process.toHandle());
        process.descendants().forEach(tree::add);
        return tree;
    }

    private List<TaskResult> inOrder() {
        return workflow.tasks().stream().map(task -> results.get(task.name())).toList();
    }
}
