package io.granary.streaming;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.config.RunFile;

/** What the process says of itself in the state folder: that its queries run, and where its metrics are. */
record RunFiles(RunFile ready, RunFile metrics) {
    /** Takes away what an earlier process has said. */
    static RunFiles begin(Home home) {
        RunFiles files = new RunFiles(
                new RunFile(home.run().resolve("streaming.ready")),
                new RunFile(home.run().resolve("streaming.metrics")));
        files.end();
        return files;
    }

    void serves(String url) {
        metrics.say(url);
    }

    void counts() {
        ready.sayProcess();
    }

    void end() {
        ready.end();
        metrics.end();
    }
}
