package io.granary.tablestore;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.hadoop.hive.metastore.api.Table;

/**
 * Deletes versions of one table that nobody can need, under its publish lock, so that none of them comes back meanwhile.
 * Since when a version is out of sight is known from a mark that the first collection leaves in it; a publisher could
 * die before it leaves one, and the time of the files tells nothing.
 */
final class GarbageCollection {
    private static final String MARK = "_unreferenced";

    /** A run that has not published may still be writing for so long. */
    private static final Duration LONGEST_RUN = Duration.ofHours(24);

    private final HiveCatalog catalog;
    private final FileSystem files;
    private final Path folder;
    private final Instant now;
    private final TableVersions versions;
    private final Map<RunId, Optional<ProvenanceFile>> records = new HashMap<>();

    GarbageCollection(HiveCatalog catalog, FileSystem files, Path folder, Clock clock, TableVersions versions) {
        this.catalog = catalog;
        this.files = files;
        this.folder = folder;
        this.now = clock.instant();
        this.versions = versions;
    }

    Garbage collect(Table table, int keep, Duration older, boolean dryRun, LockTerms terms) {
        TableName name = new TableName(table.getDbName(), table.getTableName());
        try (PublishLock lock = PublishLock.acquire(catalog, name, "granary gc", terms)) {
            return collect(name, keep, older, dryRun, lock);
        } catch (IOException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL, "cannot collect the versions under " + folder + ": " + e.getMessage(), e);
        }
    }

    private Garbage collect(TableName name, int keep, Duration older, boolean dryRun, PublishLock lock)
            throws IOException {
        Map<PartitionSpec, RunId> current = current(name);
        Set<RunId> visible = new HashSet<>(current.values());
        Set<RunId> kept = kept(name, current, keep);
        Map<RunId, TableName> staging = stagingTables(name);
        List<Garbage.Folder> deleted = new ArrayList<>();
        int waiting = 0;
        for (RunId run : folders()) {
            Path version = VersionFolder.of(folder, run);
            if (visible.contains(run)) {
                if (!dryRun) {
                    unmark(files, version);
                }
                continue;
            }
            boolean unfinished = staging.containsKey(run) || record(name, run).isEmpty();
            boolean due = unfinished ? isOld(lastSign(run), max(older, LONGEST_RUN)) : isDue(version, older, dryRun);
            if (!due || kept.contains(run)) {
                waiting += kept.contains(run) ? 0 : 1;
                continue;
            }
            deleted.add(new Garbage.Folder(
                    version.toString(),
                    unfinished ? "left by a run that did not publish" : "replaced",
                    files.getContentSummary(version).getLength()));
            if (!dryRun) {
                lock.confirm();
                files.delete(version, true);
            }
        }
        return new Garbage(name, deleted, dropStagingTables(staging, visible, older, dryRun), waiting);
    }

    private Map<PartitionSpec, RunId> current(TableName name) {
        // read under the lock: what was read before it may have moved
        Table table = catalog.table(name)
                .orElseThrow(() -> new GranaryException(ErrorCode.NOT_FOUND, "table " + name + " vanished"));
        Map<PartitionSpec, RunId> current = new HashMap<>();
        if (table.getPartitionKeys().isEmpty()) {
            VersionFolder.run(table.getSd().getLocation()).ifPresent(run -> current.put(TableSwap.WHOLE, run));
        }
        for (Partition partition : catalog.partitions(name)) {
            VersionFolder.run(partition.getSd().getLocation())
                    .ifPresent(run ->
                            current.put(PublishedTables.spec(table.getPartitionKeys(), partition.getValues()), run));
        }
        return current;
    }

    private Set<RunId> kept(TableName name, Map<PartitionSpec, RunId> current, int keep) {
        Set<RunId> kept = new HashSet<>();
        current.forEach((partition, run) -> {
            Optional<RunId> next = replacedBy(name, run, partition);
            for (int i = 0; i < keep && next.isPresent(); i++) {
                kept.add(next.get());
                next = replacedBy(name, next.get(), partition);
            }
        });
        return kept;
    }

    private Optional<RunId> replacedBy(TableName name, RunId run, PartitionSpec partition) {
        return record(name, run).flatMap(record -> record.replaced(partition));
    }

    private Optional<ProvenanceFile> record(TableName name, RunId run) {
        return records.computeIfAbsent(run, missing -> versions.record(name, missing));
    }

    private Set<RunId> folders() throws IOException {
        Set<RunId> runs = new TreeSet<>((a, b) -> a.value().compareTo(b.value()));
        try {
            for (FileStatus entry : files.listStatus(folder)) {
                if (entry.isDirectory()) {
                    VersionFolder.parse(entry.getPath().getName()).ifPresent(runs::add);
                }
            }
        } catch (FileNotFoundException nothingWritten) {
            return Set.of();
        }
        return runs;
    }

    private Map<RunId, TableName> stagingTables(TableName name) {
        String prefix = name.database() + "__" + name.table() + "__";
        Map<RunId, TableName> found = new HashMap<>();
        for (TableName staging : catalog.tableNames(HiveTableStore.STAGING_DATABASE, prefix + "*")) {
            StagingArea.stagedRun(name, staging).ifPresent(run -> found.put(run, staging));
        }
        return found;
    }

    private List<TableName> dropStagingTables(
            Map<RunId, TableName> staging, Set<RunId> visible, Duration older, boolean dryRun) throws IOException {
        List<TableName> dropped = new ArrayList<>();
        for (Map.Entry<RunId, TableName> entry : staging.entrySet()) {
            boolean published = visible.contains(entry.getKey());
            if (published || isOld(lastSign(entry.getKey()), max(older, LONGEST_RUN))) {
                dropped.add(entry.getValue());
                if (!dryRun) {
                    catalog.dropTable(entry.getValue());
                }
            }
        }
        return dropped;
    }

    /** By the clock of the run's machine or that of the file system, whichever is later: one of them may be set back. */
    private Instant lastSign(RunId run) throws IOException {
        try {
            FileStatus version = files.getFileStatus(VersionFolder.of(folder, run));
            Instant written = Instant.ofEpochMilli(version.getModificationTime());
            return written.isAfter(run.startedAt()) ? written : run.startedAt();
        } catch (FileNotFoundException nothingWritten) {
            return run.startedAt();
        }
    }

    private static Duration max(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    private boolean isOld(Instant since, Duration older) {
        return Duration.between(since, now).compareTo(older) >= 0;
    }

    private boolean isDue(Path version, Duration older, boolean dryRun) throws IOException {
        Path mark = new Path(version, MARK);
        Optional<Instant> since = read(mark);
        if (since.isEmpty() && !dryRun) {
            try (OutputStream out = files.create(mark, true)) {
                out.write(now.toString().getBytes(StandardCharsets.UTF_8));
            }
        }
        return isOld(since.orElse(now), older);
    }

    private Optional<Instant> read(Path mark) throws IOException {
        try (InputStream in = files.open(mark)) {
            return Optional.of(Instant.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (FileNotFoundException | DateTimeException e) {
            // none yet, or its writer died: counts from now
            return Optional.empty();
        }
    }

    /** The version is seen again. */
    static void unmark(FileSystem files, Path version) {
        try {
            files.delete(new Path(version, MARK), false);
        } catch (IOException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL, "cannot delete " + new Path(version, MARK) + ": " + e.getMessage(), e);
        }
    }
}
