package io.granary.ingestion.sync.spark;

import io.granary.warehouse.config.Profile;
import java.io.Serializable;
import java.nio.file.Path;

/**
 * Finds the profile on whatever machine a task runs. Secrets are references there too: none travels through Spark; the
 * machines have the profile and what it refers to at the same path.
 */
@FunctionalInterface
public interface ProfileSource extends Serializable {
    Profile load();

    /** The profile in that file of each machine. */
    static ProfileSource of(Path file) {
        String path = file.toAbsolutePath().toString();
        return () -> Profile.load(Path.of(path), System.getenv());
    }
}
