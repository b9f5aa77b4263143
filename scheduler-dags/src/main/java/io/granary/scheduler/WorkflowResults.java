package io.granary.scheduler;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
        try {
            Files.createDirectories(file.getParent());
            Path part =
                    Files.createTempFile(file.getParent(), file.getFileName().toString(), ".part");
            Files.writeString(part, Workflow.write(this));
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot write " + file + ": " + e, e);
        }
    }
}
