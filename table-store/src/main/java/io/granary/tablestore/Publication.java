package io.granary.tablestore;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.metastore.api.Table;

/**
 * One publish, by whomever: under the table's lock, and only when nothing has moved since the publisher looked. Moving
 * and what it was made from belong together: else the last of two publishers wins, in silence.
 */
final class Publication {
    private final HiveCatalog catalog;
    private final FileSystem files;
    private final LockTerms terms;

    Publication(HiveCatalog catalog, FileSystem files, LockTerms terms) {
        this.catalog = catalog;
        this.files = files;
        this.terms = terms;
    }

    /**
     * Publishes all or nothing.
     *
     * @param seen where the partitions were when the publisher looked; null: whatever is there is replaced
     * @param prepare called with what is replaced, before the commit point; gives the partitions' parameters
     * @param purpose what those who wait are told
     */
    void commit(
            Table table,
            Map<PartitionSpec, Path> folders,
            Map<PartitionSpec, String> seen,
            Step prepare,
            String purpose) {
        commitEach(
                table,
                folders,
                seen,
                replaced -> {
                    Map<String, String> parameters = prepare.parameters(replaced);
                    return partition -> parameters;
                },
                purpose);
    }

    /** As {@link #commit}, for partitions of several versions, which have parameters of their own. */
    void commitEach(
            Table table,
            Map<PartitionSpec, Path> folders,
            Map<PartitionSpec, String> seen,
            EachStep prepare,
            String purpose) {
        TableName name = new TableName(table.getDbName(), table.getTableName());
        try (PublishLock lock = PublishLock.acquire(catalog, name, purpose, terms)) {
            LocationSwap swap = LocationSwap.of(catalog, files, table);
            Map<PartitionSpec, String> current = swap.current(folders.keySet());
            if (seen != null) {
                refuseMoved(name, folders, seen, current, purpose);
            }
            swap.move(folders, prepare.parameters(current), lock::confirm);
        }
    }

    /** What is done under the lock, before the commit. */
    @FunctionalInterface
    interface Step {
        Map<String, String> parameters(Map<PartitionSpec, String> replaced);
    }

    /** As {@link Step}, with parameters for each partition. */
    @FunctionalInterface
    interface EachStep {
        Function<PartitionSpec, Map<String, String>> parameters(Map<PartitionSpec, String> replaced);
    }

    private static void refuseMoved(
            TableName name,
            Map<PartitionSpec, Path> folders,
            Map<PartitionSpec, String> seen,
            Map<PartitionSpec, String> current,
            String purpose) {
        Set<PartitionSpec> specs = folders.keySet();
        for (PartitionSpec spec : specs) {
            String now = current.get(spec);
            // an answer was lost and the publish is repeated
            boolean ours = now != null && new Path(now).equals(folders.get(spec));
            if (!ours && !Objects.equals(seen.get(spec), now)) {
                throw new GranaryException(
                        ErrorCode.BUSY,
                        "partition " + spec + " of " + name + " has moved while " + purpose + " was at work: it was "
                                + place(seen.get(spec)) + " then and is " + place(now)
                                + " now. Nothing was published; build it again from what is there now.");
            }
        }
    }

    private static String place(String location) {
        if (location == null) {
            return "missing";
        }
        return VersionFolder.run(location).map(run -> "version " + run).orElse("at " + location);
    }
}
