package io.granary.scheduler;

import io.granary.warehouse.text.WholeFile;
import java.nio.file.Path;
import java.util.List;

/**
 * What became of a workflow's run, {@code target/workflow-results.json}.
 *
 * @param generatedAt ISO 8601, UTC
 * @param elapsedTime seconds
 */
record WorkflowResults(String workflow, String ds, String generatedAt, double elapsedTime, List<TaskResult> results) {

    /**
     * @param status {@code success}, {@code error} or {@code skipped}
     * @param exitCode null when the task was not run
     * @param log null when it was not run
     * @param message why it did not succeed; null when it did
     */
    record TaskResult(String task, String status, double seconds, Integer exitCode, String log, String message) {
        boolean isSuccess() {
            return status.equals("success");
        }
    }

    boolean isSuccess() {
        return results.stream().allMatch(TaskResult::isSuccess);
    }

    /** Writes it whole or not at all. */
    void write(Path file) {
        WholeFile.write(file, Workflow.write(this));
    }
}
