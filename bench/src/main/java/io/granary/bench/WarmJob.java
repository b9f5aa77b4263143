package io.granary.bench;

import io.granary.warehouse.command.Commands;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code granary job run} again and again in one JVM: what a small job costs when nothing has to be loaded. */
record WarmJob(Path job, Home home) {
    void run(int times, long rows, PrintStream out) throws ReflectiveOperationException {
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            long start = System.nanoTime();
            int code = Commands.run(command(), "run", "--home", home.root().toString(), job.toString());
            double took = (System.nanoTime() - start) / 1e9;
            if (code != 0) {
                throw new GranaryException(ErrorCode.INTERNAL, "the job ended with " + code);
            }
            if (i >= times / 3) {
                seconds.add(took);
            }
        }
        out.println(
                rows + " rows to ORC in a warm JVM, " + seconds.size() + " runs: " + Figures.spread(seconds) + " s");
    }

    /** The verb of the module beside this one, which is on the class path of {@code bench/run transfer} only. */
    private static Object command() throws ReflectiveOperationException {
        return Class.forName("io.granary.ingestion.sync.JobCommand")
                .getDeclaredConstructor()
                .newInstance();
    }
}
