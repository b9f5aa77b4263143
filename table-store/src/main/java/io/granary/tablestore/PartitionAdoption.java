package io.granary.tablestore;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.hadoop.hive.metastore.api.Table;

/**
 * Takes partitions that one table has published over into another one of the same columns, without writing a row: their
 * files are renamed into version folders of the same run ids, then published as any others. It may die anywhere: done
 * again, it finds what it had moved and goes on; until the one call that publishes, readers of the other table see what
 * they saw before.
 */
public final class PartitionAdoption {
    private final HiveCatalog catalog;
    private final FileSystem files;
    private final TableFolders folders;
    private final LockTerms terms;
    private final Clock clock;

    PartitionAdoption(HiveCatalog catalog, FileSystem files, TableFolders folders, LockTerms terms, Clock clock) {
        this.catalog = catalog;
        this.files = files;
        this.folders = folders;
        this.terms = terms;
        this.clock = clock;
    }

    /**
     * Moves the files and publishes, all together. The partitions of the first table point at nothing then: {@link
     * #forget} them.
     *
     * @param partitions those of {@code from}, each with the version it shows
     * @param seen where readers of {@code to} found its partitions when the caller looked
     * @param provenance from what the version says of itself to what it is to say in {@code to}
     * @throws GranaryException when nothing was published: somebody else has published meanwhile, or files are missing
     */
    public void adopt(
            TableName from,
            TableName to,
            Map<PartitionSpec, RunId> partitions,
            Map<PartitionSpec, String> seen,
            UnaryOperator<Provenance> provenance) {
        Table table = catalog.existing(to);
        Map<PartitionSpec, Path> targets = new LinkedHashMap<>();
        partitions.forEach((spec, run) -> targets.put(spec, folder(to, run, spec)));
        new Publication(catalog, files, terms)
                .commitEach(
                        table,
                        targets,
                        seen,
                        replaced -> move(from, to, partitions, replaced, provenance),
                        "taking over from " + from);
    }

    /** Under the lock of {@code to}, so that no collection comes between. */
    private Function<PartitionSpec, Map<String, String>> move(
            TableName from,
            TableName to,
            Map<PartitionSpec, RunId> partitions,
            Map<PartitionSpec, String> replaced,
            UnaryOperator<Provenance> provenance) {
        Map<RunId, Set<PartitionSpec>> runs = new LinkedHashMap<>();
        partitions.forEach(
                (spec, run) -> runs.computeIfAbsent(run, r -> new HashSet<>()).add(spec));
        Map<PartitionSpec, Map<String, String>> parameters = new HashMap<>();
        runs.forEach((run, specs) -> {
            ProvenanceFile origin = origin(from, run);
            Path version = VersionFolder.of(folders.of(to), run);
            // first of all: a collection takes a version without a record for what a dead run has left
            ProvenanceFile record = record(origin, to, run, specs, replaced, provenance);
            make(version);
            record.write(files, version);
            GarbageCollection.unmark(files, version);
            for (PartitionSpec spec : specs) {
                moveFiles(spec, folder(from, run, spec), folder(to, run, spec));
                refuseIncomplete(from, spec, origin, folder(to, run, spec));
                parameters.put(spec, record.parameters());
            }
        });
        return parameters::get;
    }

    private ProvenanceFile origin(TableName from, RunId run) {
        return ProvenanceFile.read(files, VersionFolder.of(folders.of(from), run))
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.DATA,
                        "version " + run + " of " + from + " has no " + ProvenanceFile.NAME
                                + ": it does not say how it was made. Build it again. Nothing was published."));
    }

    private ProvenanceFile record(
            ProvenanceFile origin,
            TableName to,
            RunId run,
            Set<PartitionSpec> specs,
            Map<PartitionSpec, String> replaced,
            UnaryOperator<Provenance> provenance) {
        Map<PartitionSpec, List<ProvenanceFile.DataFile>> dataFiles = new HashMap<>();
        Map<PartitionSpec, RunId> replaces = new HashMap<>();
        // partitions of this version that were taken over earlier
        Optional<ProvenanceFile> before = ProvenanceFile.read(files, VersionFolder.of(folders.of(to), run));
        before.ifPresent(known -> known.partitions().stream()
                .map(PartitionSpec::parse)
                .forEach(spec -> {
                    dataFiles.put(spec, known.dataFiles(spec));
                    known.replaced(spec).ifPresent(r -> replaces.put(spec, r));
                }));
        for (PartitionSpec spec : specs) {
            dataFiles.put(spec, origin.dataFiles(spec));
            Optional.ofNullable(replaced.get(spec))
                    .flatMap(VersionFolder::run)
                    .filter(now -> !now.equals(run))
                    .ifPresent(now -> replaces.put(spec, now));
        }
        return ProvenanceFile.of(
                to,
                run,
                provenance.apply(origin.provenance()),
                dataFiles,
                replaces,
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    private void moveFiles(PartitionSpec spec, Path from, Path to) {
        try {
            if (!spec.entries().isEmpty()) {
                make(to.getParent());
                rename(from, to);
                return;
            }
            // the version folder itself, in which its record is
            for (FileStatus file : list(from)) {
                if (!StagedFiles.hidden(file.getPath().getName())) {
                    rename(file.getPath(), new Path(to, file.getPath().getName()));
                }
            }
        } catch (IOException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "cannot move " + from + " to " + to + ": " + e.getMessage() + ". Nothing was published.",
                    e);
        }
    }

    private FileStatus[] list(Path folder) throws IOException {
        try {
            return files.listStatus(folder);
        } catch (FileNotFoundException moved) {
            return new FileStatus[0];
        }
    }

    /** Does nothing where it was moved before. */
    private void rename(Path from, Path to) throws IOException {
        if (!files.exists(from)) {
            return;
        }
        if (files.exists(to) || !files.rename(from, to)) {
            throw new IOException(files.exists(to) ? "there is something already" : "the file system refused");
        }
    }

    private void refuseIncomplete(TableName from, PartitionSpec spec, ProvenanceFile origin, Path folder) {
        String what = "partition " + spec + " of " + from + ", now in " + folder;
        List<ProvenanceFile.DataFile> recorded = origin.dataFiles(spec);
        List<String> problems;
        try {
            List<ProvenanceFile.DataFile> there = StagedFiles.dataFiles(files, folder);
            problems = recorded == null ? List.of() : FileDifference.between(what, recorded, there);
        } catch (FileNotFoundException e) {
            problems = List.of(what + ": the folder is missing");
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot list " + folder + ": " + e.getMessage(), e);
        }
        if (!problems.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "files are not as they were when they were published:\n  " + String.join("\n  ", problems)
                            + "\nNothing was published.");
        }
    }

    /**
     * Takes partitions out of the table that had them before, if they still show those versions; with the last one goes
     * the table, its folder with all earlier versions too. A view goes.
     */
    public void forget(TableName table, Map<PartitionSpec, RunId> taken) {
        Optional<Table> found = catalog.table(table);
        if (found.isEmpty()) {
            return;
        }
        try (PublishLock lock = PublishLock.acquire(catalog, table, "dropping what was taken over", terms)) {
            Map<PartitionSpec, Partition> rest =
                    new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
            for (Partition partition : catalog.partitions(table)) {
                if (!PartitionSwap.isPlaceholder(partition.getSd().getLocation())) {
                    rest.put(PublishedTables.spec(found.get().getPartitionKeys(), partition.getValues()), partition);
                }
            }
            Map<PartitionSpec, Partition> known = new LinkedHashMap<>(rest);
            rest.entrySet()
                    .removeIf(p -> VersionFolder.run(p.getValue().getSd().getLocation())
                            .filter(run -> run.equals(taken.get(p.getKey())))
                            .isPresent());
            lock.confirm();
            if (rest.isEmpty() && !isRebuilt(table, taken)) {
                catalog.dropTable(table);
                files.delete(folders.of(table), true);
                return;
            }
            known.keySet().removeAll(rest.keySet());
            known.values().forEach(p -> catalog.dropPartition(table, p.getValues()));
        } catch (IOException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL, "cannot delete " + folders.of(table) + ": " + e.getMessage(), e);
        }
    }

    /** A table without partitions that shows another version by now. */
    private boolean isRebuilt(TableName name, Map<PartitionSpec, RunId> taken) {
        Table table = catalog.existing(name);
        return !HiveCatalog.isView(table)
                && table.getPartitionKeys().isEmpty()
                && VersionFolder.run(table.getSd().getLocation())
                        .filter(run -> !run.equals(taken.get(TableSwap.WHOLE)))
                        .isPresent();
    }

    private Path folder(TableName table, RunId run, PartitionSpec spec) {
        Path version = VersionFolder.of(folders.of(table), run);
        return spec.entries().isEmpty() ? version : new Path(version, PartitionSwap.name(spec));
    }

    private void make(Path folder) {
        try {
            files.mkdirs(folder);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot make " + folder + ": " + e.getMessage(), e);
        }
    }
}
