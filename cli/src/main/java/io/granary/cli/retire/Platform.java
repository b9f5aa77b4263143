package io.granary.cli.retire;

import io.granary.warehouse.config.Home;
import io.granary.warehouse.manifest.Manifest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** The other verbs of Granary that a retirement needs. */
interface Platform {
    /**
     * {@code granary compile}.
     *
     * @throws io.granary.warehouse.error.GranaryException that lists all problems of the project
     */
    Manifest compile(Path project, Home home);

    /**
     * Those components of the local cluster that run since before an instant; empty where there is no local cluster.
     *
     * @param components such as {@code streaming}
     */
    List<String> runningSince(Instant before, List<String> components);

    /** Whether the state folder is that of a local cluster, whose components can be started again from here. */
    boolean isLocal();

    /** {@code granary restart}. */
    void restart(String component);
}
