package io.granary.streaming.submit;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.tablestore.testing.YarnScene;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;
import org.apache.hadoop.yarn.client.api.YarnClient;

/** The applications that a YARN on this machine runs. */
record YarnApplications(Configuration yarn) {
    List<ApplicationReport> running() throws Exception {
        try (YarnClient client = YarnScene.client(yarn)) {
            return client.getApplications().stream()
                    .filter(app -> app.getYarnApplicationState().ordinal() <= YarnApplicationState.RUNNING.ordinal())
                    .toList();
        }
    }

    void kill() throws Exception {
        try (YarnClient client = YarnScene.client(yarn)) {
            for (ApplicationReport app : running()) {
                client.killApplication(app.getApplicationId());
            }
        }
        assertThat(running()).isEmpty();
    }

    /** The process of the executor that the one application has. */
    ProcessHandle executor() throws Exception {
        String app = running().get(0).getApplicationId().toString();
        for (int tries = 0; tries < 1800; tries++) {
            for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
                String words = words(process);
                // the shell that starts it has the same words behind -c
                if (words.contains("YarnCoarseGrainedExecutorBackend\0")
                        && words.contains(app)
                        && !words.contains("\0-c\0")) {
                    return process;
                }
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new AssertionError("no executor of " + app + " within three minutes");
    }

    /** The command line, whole: {@link ProcessHandle} cuts a long one off. */
    private static String words(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
        } catch (IOException e) {
            return "";
        }
    }
}
