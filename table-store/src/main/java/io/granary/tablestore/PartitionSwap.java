package io.granary.tablestore;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
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
final class PartitionSwap implements LocationSwap {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionSwap.class);
    private static final String EMPTY_FOLDER = "_empty";
    private static final Set<String> STATISTICS =
            Set.of("numRows", "rawDataSize", "totalSize", "numFiles", "COLUMN_STATS_ACCURATE");

    private final HiveCatalog catalog;
    private final FileSystem files;
    private final Table table;
    private final TableName name;
    private final Map<List<String>, Partition> existing = new HashMap<>();

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

    @Override
    public Map<PartitionSpec, String> current(Set<PartitionSpec> specs) {
        existing.clear();
        for (Partition partition : catalog.partitions(name, names(specs))) {
            existing.put(partition.getValues(), partition);
        }
        Map<PartitionSpec, String> visible = new HashMap<>();
        for (PartitionSpec spec : specs) {
            Partition partition = existing.get(spec.values());
            if (partition != null && !isPlaceholder(partition.getSd().getLocation())) {
                visible.put(spec, partition.getSd().getLocation());
            }
        }
        return visible;
    }

    @Override
    public void move(
            Map<PartitionSpec, Path> folders,
            Function<PartitionSpec, Map<String, String>> provenance,
            Runnable beforeCommit) {
        List<PartitionSpec> added = addMissing(folders.keySet());
        List<Partition> moved = new ArrayList<>();
        folders.forEach((spec, folder) -> {
            Partition partition = existing.get(spec.values());
            partition.setSd(table.getSd().deepCopy());
            partition.getSd().setLocation(folder.toString());
            removeStatistics(partition.getParameters());
            ProvenanceFile.replaceParameters(partition.getParameters(), provenance.apply(spec));
            moved.add(partition);
        });
        try {
            beforeCommit.run();
        } catch (GranaryException e) {
            dropPlaceholders(added);
            throw e;
        }
        try {
            catalog.alterPartitions(name, moved);
        } catch (GranaryException e) {
            settle(folders, added, e);
        }
    }

    private void settle(Map<PartitionSpec, Path> folders, List<PartitionSpec> added, GranaryException failure) {
        try {
            LostAnswer.settle(catalog, name.toString(), folders.size(), () -> arrived(folders), failure);
        } catch (GranaryException e) {
            dropPlaceholders(added);
            throw e;
        }
    }

    private long arrived(Map<PartitionSpec, Path> folders) {
        Map<List<String>, Path> byValues = new HashMap<>();
        folders.forEach((spec, folder) -> byValues.put(spec.values(), folder));
        return catalog.partitions(name, names(folders.keySet())).stream()
                .filter(p ->
                        byValues.get(p.getValues()).equals(new Path(p.getSd().getLocation())))
                .count();
    }

    private static List<String> names(Set<PartitionSpec> specs) {
        return specs.stream().map(PartitionSwap::name).toList();
    }

    private List<PartitionSpec> addMissing(Set<PartitionSpec> wanted) {
        List<PartitionSpec> missing = wanted.stream()
                .filter(spec -> !existing.containsKey(spec.values()))
                .toList();
        if (missing.isEmpty()) {
            return missing;
        }
        Path empty = emptyFolder(files, new Path(table.getSd().getLocation()));
        int now = (int) (System.currentTimeMillis() / 1000);
        List<Partition> placeholders = new ArrayList<>();
        for (PartitionSpec spec : missing) {
            Partition partition = new Partition();
            partition.setDbName(name.database());
            partition.setTableName(name.table());
            partition.setValues(new ArrayList<>(spec.values()));
            partition.setCreateTime(now);
            partition.setSd(table.getSd().deepCopy());
            partition.getSd().setLocation(empty.toString());
            partition.setParameters(new HashMap<>());
            placeholders.add(partition);
        }
        catalog.addPartitions(name, placeholders);
        placeholders.forEach(p -> existing.put(p.getValues(), p.deepCopy()));
        return missing;
    }

    /** Where tables and partitions are that were never published. */
    static Path emptyFolder(FileSystem files, Path table) {
        Path empty = new Path(table, EMPTY_FOLDER);
        try {
            files.mkdirs(empty);
            return empty;
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot make " + empty + ": " + e.getMessage(), e);
        }
    }

    /** Only those that are placeholders still: when the metastore is gone nobody knows what has become of them. */
    private void dropPlaceholders(List<PartitionSpec> added) {
        for (PartitionSpec spec : added) {
            try {
                Partition there = catalog.partitions(name, List.of(name(spec))).stream()
                        .findFirst()
                        .orElse(null);
                if (there == null || !isPlaceholder(there.getSd().getLocation())) {
                    continue;
                }
                catalog.dropPartition(name, spec.values());
            } catch (GranaryException e) {
                LOG.warn("empty partition {} of {} is left behind: {}", spec, name, e.getMessage());
            }
        }
    }
}
