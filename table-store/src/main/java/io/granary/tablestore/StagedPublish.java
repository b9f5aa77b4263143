package io.granary.tablestore;

import io.granary.tablestore.TableStore.Staging;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.metastore.api.FieldSchema;
import org.apache.hadoop.hive.metastore.api.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes what a run staged visible: the interval is kept, every partition has a folder, the record is written first. */
final class StagedPublish {
    private static final Logger LOG = LoggerFactory.getLogger(StagedPublish.class);

    private final HiveCatalog catalog;
    private final FileSystem files;
    private final StagingArea area;
    private final LockTerms terms;
    private final Clock clock;

    StagedPublish(HiveCatalog catalog, FileSystem files, StagingArea area, LockTerms terms, Clock clock) {
        this.catalog = catalog;
        this.files = files;
        this.area = area;
        this.terms = terms;
        this.clock = clock;
    }

    List<PartitionSpec> publish(Staging staging, Set<PartitionSpec> interval, Provenance provenance) {
        Table target = catalog.existing(staging.target());
        Path version = new Path(staging.location());
        List<String> keys =
                target.getPartitionKeys().stream().map(FieldSchema::getName).toList();
        Map<PartitionSpec, Path> folders = new TreeMap<>(Comparator.comparing(PartitionSpec::toString));
        Map<PartitionSpec, List<ProvenanceFile.DataFile>> dataFiles = new HashMap<>();
        for (StagedFiles.Found found : StagedFiles.list(files, version, keys)) {
            accept(staging, found, interval);
            folders.put(found.spec(), found.folder());
            dataFiles.put(found.spec(), found.dataFiles());
        }
        for (PartitionSpec spec : interval) {
            folders.computeIfAbsent(spec, missing -> emptyFolder(version, missing, keys));
            dataFiles.putIfAbsent(spec, List.of());
        }
        if (folders.isEmpty()) {
            area.discard(staging);
            return List.of();
        }
        new Publication(catalog, files, terms)
                .commit(
                        target,
                        folders,
                        staging.seen(),
                        replaced -> record(staging, provenance, dataFiles, replaced),
                        "run " + staging.run());
        dropQuietly(staging.table());
        return List.copyOf(folders.keySet());
    }

    private Map<String, String> record(
            Staging staging,
            Provenance provenance,
            Map<PartitionSpec, List<ProvenanceFile.DataFile>> dataFiles,
            Map<PartitionSpec, String> replaced) {
        Map<PartitionSpec, RunId> replaces = new HashMap<>();
        replaced.forEach((spec, location) -> VersionFolder.run(location)
                .filter(run -> !run.equals(staging.run()))
                .ifPresent(run -> replaces.put(spec, run)));
        ProvenanceFile record = ProvenanceFile.of(
                staging.target(),
                staging.run(),
                provenance,
                dataFiles,
                replaces,
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
        record.write(files, new Path(staging.location()));
        return record.parameters();
    }

    private static void accept(Staging staging, StagedFiles.Found found, Set<PartitionSpec> interval) {
        if (!interval.isEmpty() && !interval.contains(found.spec())) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "run " + staging.run() + " wrote partition " + found.spec() + " of " + staging.target()
                            + ", outside its interval " + interval + ". Nothing was published.");
        }
        boolean whole = found.spec().equals(TableSwap.WHOLE);
        if (interval.isEmpty() && !whole && !found.holdsFiles()) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "partition " + found.spec() + " of " + staging.target() + " was staged without a file in "
                            + found.folder() + ". Nothing was published.");
        }
    }

    /** A reader takes a folder that does not exist for an empty one, without an error: so make it. */
    private Path emptyFolder(Path version, PartitionSpec spec, List<String> keys) {
        List<String> columns =
                spec.entries().stream().map(PartitionSpec.Entry::column).toList();
        if (!columns.equals(keys) || keys.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.INTERNAL, "interval " + spec + " does not name the partition columns " + keys);
        }
        Path folder = new Path(version, PartitionSwap.name(spec));
        try {
            files.mkdirs(folder);
            return folder;
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot make " + folder + ": " + e.getMessage(), e);
        }
    }

    private void dropQuietly(TableName staging) {
        try {
            catalog.dropTable(staging);
        } catch (GranaryException e) {
            // the version is published: what is left of its staging table does not change that
            LOG.warn("staging table {} is left behind: {}", staging, e.getMessage());
        }
    }
}
