package io.granary.tablestore;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.metastore.api.Table;

/** Moves what readers see from one folder to another, by one transaction of the metastore. To be used once, locked. */
interface LocationSwap {
    /** Reads where the partitions are now; those that readers do not see are missing. Comes before {@link #move}. */
    Map<PartitionSpec, String> current(Set<PartitionSpec> specs);

    /**
     * The commit point.
     *
     * @param folders partition to the folder that holds its data; not empty, and the partitions given to {@link #current}
     * @param provenance parameters that a partition gets, in place of those of the version before
     * @param beforeCommit called right before it
     * @throws io.granary.warehouse.error.GranaryException saying whether anything was published
     */
    void move(
            Map<PartitionSpec, Path> folders,
            Function<PartitionSpec, Map<String, String>> provenance,
            Runnable beforeCommit);

    static LocationSwap of(HiveCatalog catalog, FileSystem files, Table table) {
        return table.getPartitionKeys().isEmpty()
                ? new TableSwap(catalog, table)
                : new PartitionSwap(catalog, files, table);
    }
}
