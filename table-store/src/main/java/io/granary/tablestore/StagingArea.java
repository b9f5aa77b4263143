package io.granary.tablestore;

import io.granary.tablestore.TableStore.Staging;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.hadoop.hive.metastore.api.Table;

/** Staging tables: copies with every property of their target, located at the version folder of one run. */
final class StagingArea {
    private static final Pattern STAGED = Pattern.compile("(.+)__(\\d{8}t\\d{6}z)_([0-9a-f]{6})");

    private final HiveCatalog catalog;
    private final FileSystem files;
    private final TableFolders folders;

    StagingArea(HiveCatalog catalog, FileSystem files, TableFolders folders) {
        this.catalog = catalog;
        this.files = files;
        this.folders = folders;
    }

    Staging stage(TableName table, RunId run, Set<PartitionSpec> interval) {
        Table target = catalog.existing(table);
        if (HiveCatalog.isView(target)) {
            throw new GranaryException(ErrorCode.DEFINITION, table + " is a view: nothing can be written to it");
        }
        Path version = VersionFolder.of(folders.of(table), run);
        TableName name = stagingTable(table, run);
        Staging staging = new Staging(table, name, version.toString(), run, seen(target, table, interval));
        if (exists(version)) {
            // a run that died may be done again under its own id: what it left is nobody's
            discard(staging);
        }
        catalog.ensureDatabase(
                HiveTableStore.STAGING_DATABASE,
                folders.ofDatabase(HiveTableStore.STAGING_DATABASE),
                "Tables that Granary is writing; do not read them",
                files);
        Table copy = target.deepCopy();
        copy.setDbName(name.database());
        copy.setTableName(name.table());
        copy.getSd().setLocation(version.toString());
        PartitionSwap.removeStatistics(copy.getParameters());
        copy.getParameters().remove("transient_lastDdlTime");
        ProvenanceFile.replaceParameters(copy.getParameters(), Map.of());
        catalog.createTable(copy);
        return staging;
    }

    static TableName stagingTable(TableName table, RunId run) {
        return new TableName(
                HiveTableStore.STAGING_DATABASE,
                table.database() + "__" + table.table() + "__"
                        + run.value().toLowerCase(Locale.ROOT).replace('-', '_'));
    }

    /** The run that a staging table belongs to; empty when it is another table's. */
    static Optional<RunId> stagedRun(TableName table, TableName staging) {
        Matcher name = STAGED.matcher(staging.table());
        return name.matches() && name.group(1).equals(table.database() + "__" + table.table())
                ? Optional.of(new RunId(name.group(2).toUpperCase(Locale.ROOT) + "-" + name.group(3)))
                : Optional.empty();
    }

    private Map<PartitionSpec, String> seen(Table target, TableName table, Set<PartitionSpec> interval) {
        if (target.getPartitionKeys().isEmpty() || !interval.isEmpty()) {
            return LocationSwap.of(catalog, files, target)
                    .current(interval.isEmpty() ? Set.of(TableSwap.WHOLE) : interval);
        }
        Map<PartitionSpec, String> seen = new HashMap<>();
        for (Partition partition : catalog.partitions(table)) {
            String location = partition.getSd().getLocation();
            if (!PartitionSwap.isPlaceholder(location)) {
                seen.put(PublishedTables.spec(target.getPartitionKeys(), partition.getValues()), location);
            }
        }
        return seen;
    }

    void discard(Staging staging) {
        Path version = new Path(staging.location());
        boolean whole = catalog.table(staging.target())
                .filter(t -> new Path(t.getSd().getLocation()).equals(version))
                .isPresent();
        if (whole) {
            throw new GranaryException(
                    ErrorCode.BUSY,
                    "version " + staging.run() + " of " + staging.target() + " is published: it is not discarded.");
        }
        for (Partition partition : catalog.partitions(staging.target())) {
            if ((partition.getSd().getLocation() + "/").startsWith(version + "/")) {
                throw new GranaryException(
                        ErrorCode.BUSY,
                        "version " + staging.run() + " of " + staging.target() + " is published (partition "
                                + String.join("/", partition.getValues()) + "): it is not discarded.");
            }
        }
        catalog.dropTable(staging.table());
        try {
            files.delete(version, true);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot delete " + version + ": " + e.getMessage(), e);
        }
    }

    private boolean exists(Path folder) {
        try {
            return files.exists(folder);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot look at " + folder + ": " + e.getMessage(), e);
        }
    }
}
