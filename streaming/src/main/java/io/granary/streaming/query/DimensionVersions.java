package io.granary.streaming.query;

import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableStore;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.warehouse.config.Profile;
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

    /** Those of the profile's catalog. */
    static DimensionVersions of(Profile profile) {
        return (table, day) -> {
            try (TableStore store = HiveTableStore.open(profile, new Looking())) {
                return store.partitions(TableName.parse(table)).stream()
                        .filter(p -> p.spec().entries().size() == 1)
                        .map(DimensionVersions::version)
                        .filter(v -> v.ds().compareTo(day.toString()) <= 0)
                        .max(Comparator.comparing(Version::ds));
            }
        };
    }

    private static Version version(PublishedPartition partition) {
        return new Version(partition.spec().values().get(0), partition.run().toString(), partition.location());
    }

    /** A session that runs nothing. */
    final class Looking implements SqlSession {
        private Looking() {}

        @Override
        public void execute(String sql) {
            throw new IllegalStateException("looking at versions runs no SQL: " + sql);
        }

        @Override
        public Rows query(String sql) {
            throw new IllegalStateException("looking at versions runs no SQL: " + sql);
        }

        @Override
        public void cancel() {}

        @Override
        public void close() {}
    }
}
