package io.granary.streaming.query;

import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.warehouse.config.Profile;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.Optional;

/** Which versions of dimensions are published. */
@FunctionalInterface
public interface DimensionVersions {
    /** Knows none: for queries that join nothing. */
    DimensionVersions NONE = (table, day) -> Optional.empty();

    /**
     * @param run that made it
     * @param location folder of the day's ORC files
     */
    record Version(String ds, String run, String location) {
        @Override
        public String toString() {
            return "ds=" + ds + " " + run;
        }
    }

    /** The version of that day or, when it is not built, of the newest before. */
    Optional<Version> newest(String table, LocalDate day);

    /** How long what {@link #newest} has said may be taken for true. */
    default Duration interval() {
        return Duration.ofMinutes(1);
    }

    /** Those of the profile's catalog, which is asked each time anew. */
    static DimensionVersions of(Profile profile) {
        return new Catalog(profile);
    }

    /** What readers of a warehouse's tables see. */
    record Catalog(Profile profile) implements DimensionVersions {
        @Override
        public Optional<Version> newest(String table, LocalDate day) {
            return HiveTableStore.published(profile, TableName.parse(table)).stream()
                    .filter(p -> p.spec().entries().size() == 1)
                    .map(DimensionVersions::version)
                    .filter(v -> v.ds().compareTo(day.toString()) <= 0)
                    .max(Comparator.comparing(Version::ds));
        }

        @Override
        public Duration interval() {
            return profile.streaming().dimensions();
        }
    }

    private static Version version(PublishedPartition partition) {
        return new Version(partition.spec().values().get(0), partition.run().toString(), partition.location());
    }
}
