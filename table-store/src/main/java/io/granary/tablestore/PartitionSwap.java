package io.granary.tablestore;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.common.FileUtils;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.hadoop.hive.metastore.api.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves partitions of a table to new folders, all together. New partitions are added first, at a folder that is empty:
 * to a query they are not there yet. Then one {@code alter_partitions} moves all of them, which is one transaction of
 * the metastore's database, so a reader plans with the old folders or with the new ones.
 */
final class PartitionSwap {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionSwap.class);
    private static final String EMPTY_FOLDER = "_empty";
    private static final Set<String> STATISTICS =
            Set.of("numRows", "rawDataSize", "totalSize", "numFiles", "COLUMN_STATS_ACCURATE");

    private final HiveCatalog catalog;
    private final FileSystem files;
    private final Table table;
    private final TableName name;

    PartitionSwap(HiveCatalog catalog, FileSystem files, Table table) {
        this.catalog = catalog;
        this.files = files;
        this.table = table;
        this.name = new TableName(table.getDbName(), table.getTableName());
    }

    static boolean isPlaceholder(String location) {
        return location.endsWith("/" + EMPTY_FOLDER);
    }

    /** The metastore's name of a partition, which is its folder too: values are escaped. */
    static String name(PartitionSpec spec) {
        return spec.entries().stream()
                .map(e -> FileUtils.escapePathName(e.column()) + "=" + FileUtils.escapePathName(e.value()))
                .collect(Collectors.joining("/"));
    }

    /** Numbers that were true of other files would mislead an optimizer that believes them. */
    static void removeStatistics(Map<String, String> parameters) {
        parameters.keySet().removeIf(key -> STATISTICS.contains(key) || key.startsWith("spark.sql.statistics."));
    }

    /**
     * Publishes.
     *
     * @param folders partition to the folder that holds its data; not empty
     * @throws GranaryException saying whether anything was published
     */
    void publish(Map<PartitionSpec, Path> folders, Map<String, String> provenance) {
        Map<List<String>, Path> byValues = new HashMap<>();
        folders.forEach((spec, folder) -> byValues.put(spec.values(), folder));
        List<String> names = folders.keySet().stream().map(PartitionSwap::name).toList();

        // The per-table publish lock belongs around all that follows, and with it the check that no partition has
        // moved since the run was planned: two publishers of one partition else overwrite each other, last one wins.
        List<PartitionSpec> added = addMissing(folders.keySet(), names);
        List<Partition> partitions = catalog.partitions(name, names);
        if (partitions.size() != names.size()) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "partitions of " + name + " vanished while they were published: " + partitions.size() + " of "
                            + names.size() + " are there. Nothing was published; run it again.");
        }
        for (Partition partition : partitions) {
            partition.setSd(table.getSd().deepCopy());
            partition.getSd().setLocation(byValues.get(partition.getValues()).toString());
            removeStatistics(partition.getParameters());
            partition.getParameters().putAll(provenance);
        }
        try {
            catalog.alterPartitions(name, partitions);
        } catch (GranaryException e) {
            settle(names, byValues, added, e);
        }
    }

    private List<PartitionSpec> addMissing(Set<PartitionSpec> wanted, List<String> names) {
        Set<List<String>> existing = new HashSet<>();
        catalog.partitions(name, names).forEach(p -> existing.add(p.getValues()));
        List<PartitionSpec> missing = wanted.stream()
                .filter(spec -> !existing.contains(spec.values()))
                .toList();
        if (missing.isEmpty()) {
            return missing;
        }
        Path empty = emptyFolder();
        List<Partition> placeholders = new ArrayList<>();
        for (PartitionSpec spec : missing) {
            Partition partition = new Partition();
            partition.setDbName(name.database());
            partition.setTableName(name.table());
            partition.setValues(new ArrayList<>(spec.values()));
            partition.setSd(table.getSd().deepCopy());
            partition.getSd().setLocation(empty.toString());
            partition.setParameters(new HashMap<>());
            placeholders.add(partition);
        }
        catalog.addPartitions(name, placeholders);
        return missing;
    }

    private Path emptyFolder() {
        Path empty = new Path(table.getSd().getLocation(), EMPTY_FOLDER);
        try {
            files.mkdirs(empty);
            return empty;
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot make " + empty + ": " + e.getMessage(), e);
        }
    }

    /** The call failed, or only its answer was lost: what the metastore now says decides. */
    private void settle(
            List<String> names, Map<List<String>, Path> byValues, List<PartitionSpec> added, GranaryException failure) {
        long moved;
        try {
            catalog.reconnect();
            moved = catalog.partitions(name, names).stream()
                    .filter(p -> byValues.get(p.getValues())
                            .equals(new Path(p.getSd().getLocation())))
                    .count();
        } catch (GranaryException e) {
            failure.addSuppressed(e);
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    failure.getMessage() + "\nIt cannot be read back whether " + names + " of " + name
                            + " were published: all were, or none. When the metastore is back, run it again.",
                    failure);
        }
        if (moved == names.size()) {
            LOG.warn("{} was published, though the metastore reported: {}", name, failure.getMessage());
            return;
        }
        if (moved > 0) {
            throw new GranaryException(
                    ErrorCode.INTERNAL,
                    failure.getMessage() + "\nOnly " + moved + " of " + names + " of " + name + " were published.",
                    failure);
        }
        dropPlaceholders(added);
        throw new GranaryException(
                ErrorCode.EXTERNAL, failure.getMessage() + "\nNothing of " + name + " was published.", failure);
    }

    private void dropPlaceholders(List<PartitionSpec> added) {
        for (PartitionSpec spec : added) {
            try {
                catalog.dropPartition(name, spec.values());
            } catch (GranaryException e) {
                LOG.warn("empty partition {} of {} is left behind: {}", spec, name, e.getMessage());
            }
        }
    }
}
