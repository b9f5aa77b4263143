package io.granary.tablestore;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.metastore.TableType;
import org.apache.hadoop.hive.metastore.api.Table;

/** Earlier versions of published tables: what they hold, going back to one, and deleting those nobody needs. */
public final class TableVersions {
    private static final String ORC = "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat";
    private static final String ROLLED_BACK = "_rolled_back.";

    private final HiveCatalog catalog;
    private final FileSystem files;
    private final Path warehouse;
    private final LockTerms terms;
    private final Clock clock;

    TableVersions(HiveCatalog catalog, FileSystem files, Path warehouse, LockTerms terms, Clock clock) {
        this.catalog = catalog;
        this.files = files;
        this.warehouse = warehouse;
        this.terms = terms;
        this.clock = clock;
    }

    /** A rollback that was done. */
    public record Rollback(PartitionSpec partition, RunId from, RunId to) {}

    /** All tables that Granary publishes, by name. */
    public List<TableName> tables() {
        List<TableName> found = new ArrayList<>();
        for (String database : catalog.databases()) {
            if (database.equals(HiveTableStore.STAGING_DATABASE)) {
                continue;
            }
            for (Table table : catalog.tables(database)) {
                TableName name = new TableName(table.getDbName(), table.getTableName());
                if (isOurs(table, folder(name))) {
                    found.add(name);
                }
            }
        }
        return List.copyOf(found);
    }

    /** External ORC in the place where Granary puts a table of that name. */
    static boolean isOurs(Table table, Path folder) {
        if (!TableType.EXTERNAL_TABLE.name().equals(table.getTableType())
                || !ORC.equals(table.getSd().getInputFormat())) {
            return false;
        }
        Path location = new Path(table.getSd().getLocation());
        if (!table.getPartitionKeys().isEmpty()) {
            return location.equals(folder);
        }
        boolean published =
                VersionFolder.parse(location.getName()).isPresent() || PartitionSwap.isPlaceholder(location.toString());
        return published && location.getParent().equals(folder);
    }

    /**
     * The versions of a partition that readers have seen: the one they see now, the one it replaced, and so on. It ends
     * where a version is no more.
     */
    public List<RunId> history(TableName table, PartitionSpec partition) {
        return history(table, partition, currentRun(table, partition));
    }

    private List<RunId> history(TableName table, PartitionSpec partition, RunId from) {
        Set<RunId> runs = new LinkedHashSet<>();
        Optional<RunId> next = Optional.of(from);
        while (next.isPresent() && runs.add(next.get())) {
            next = ProvenanceFile.read(files, VersionFolder.of(folder(table), next.get()))
                    .flatMap(record -> record.replaced(partition));
        }
        return List.copyOf(runs);
    }

    private RunId currentRun(TableName table, PartitionSpec partition) {
        return VersionFolder.run(current(table(table), partition))
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.DATA, "partition " + partition + " of " + table + " was not published by Granary"));
    }

    private String current(Table table, PartitionSpec partition) {
        String location = LocationSwap.of(catalog, files, table)
                .current(Set.of(partition))
                .get(partition);
        if (location == null) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    "table " + table.getDbName() + "." + table.getTableName() + " has no published partition "
                            + partition);
        }
        return location;
    }

    /**
     * Compares what readers see with what was published: a folder that is missing reads as empty, without an error, and
     * an INSERT by others writes into a published version.
     *
     * @return one line a difference; empty when there is none
     */
    public List<String> verify(TableName table, Set<PartitionSpec> partitions) {
        Table found = table(table);
        Map<PartitionSpec, String> current =
                LocationSwap.of(catalog, files, found).current(partitions);
        List<String> problems = new ArrayList<>();
        for (PartitionSpec partition : partitions) {
            String location = current.get(partition);
            if (location == null) {
                problems.add("partition " + partition + " of " + table + " is not published");
            } else {
                problems.addAll(problems(table, partition, new Path(location)));
            }
        }
        return List.copyOf(problems);
    }

    private List<String> problems(TableName table, PartitionSpec partition, Path location) {
        String what = "partition " + partition + " of " + table;
        Optional<RunId> run = VersionFolder.run(location.toString());
        if (run.isEmpty()) {
            return List.of(what + " is at " + location + ", which Granary did not publish");
        }
        List<ProvenanceFile.DataFile> there;
        try {
            there = StagedFiles.dataFiles(files, location);
        } catch (FileNotFoundException e) {
            return List.of(what + ": folder " + location + " is missing; readers take it for empty");
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot list " + location + ": " + e.getMessage(), e);
        }
        Optional<ProvenanceFile> record = ProvenanceFile.read(files, VersionFolder.of(folder(table), run.get()));
        if (record.isEmpty()) {
            return List.of(what + ": version " + run.get() + " has no " + ProvenanceFile.NAME);
        }
        List<ProvenanceFile.DataFile> recorded = record.get().dataFiles(partition);
        return recorded == null ? List.of() : FileDifference.between(what, recorded, there);
    }

    /**
     * Lets readers see an earlier version of a partition again.
     *
     * @param to that version; empty: the one that the present one replaced
     * @param by who asked, kept with the partition
     * @throws GranaryException when there is no such version, or its files are not all there; nothing has changed then
     */
    public Rollback rollback(TableName table, PartitionSpec partition, Optional<RunId> to, String by) {
        Table found = table(table);
        String location = current(found, partition);
        RunId from = currentRun(table, partition);
        RunId target = to.isPresent() ? published(table, partition, from, to.get()) : before(table, partition, from);
        Path version = VersionFolder.of(folder(table), target);
        Path folder = partition.entries().isEmpty() ? version : new Path(version, PartitionSwap.name(partition));
        refuseUnsound(table, partition, target, folder);
        new Publication(catalog, files, terms)
                .commit(
                        found,
                        Map.of(partition, folder),
                        Map.of(partition, location),
                        replaced -> prepare(table, partition, from, target, by),
                        "a rollback to " + target);
        return new Rollback(partition, from, target);
    }

    private RunId before(TableName table, PartitionSpec partition, RunId current) {
        List<RunId> history = history(table, partition, current);
        if (history.size() < 2) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    "partition " + partition + " of " + table + " has no version before " + current
                            + " to go back to. Build it again instead.");
        }
        return history.get(1);
    }

    /** A version that was staged and never published may be half written or have failed its tests. */
    private RunId published(TableName table, PartitionSpec partition, RunId current, RunId wanted) {
        List<RunId> history = history(table, partition, current);
        if (wanted.equals(current)) {
            throw new GranaryException(
                    ErrorCode.USAGE, "partition " + partition + " of " + table + " is at version " + wanted + " now");
        }
        if (!history.contains(wanted) && !exists(rolledBackMark(table, wanted, partition))) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    "partition " + partition + " of " + table + " was never published as version " + wanted
                            + ". Versions, newest first: "
                            + String.join(
                                    ", ", history.stream().map(RunId::value).toList()));
        }
        return wanted;
    }

    private void refuseUnsound(TableName table, PartitionSpec partition, RunId target, Path folder) {
        List<String> problems = problems(table, partition, folder);
        if (!problems.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "cannot go back to version " + target + ":\n  " + String.join("\n  ", problems)
                            + "\nNothing has changed.");
        }
    }

    private Map<String, String> prepare(TableName table, PartitionSpec partition, RunId from, RunId target, String by) {
        Path version = VersionFolder.of(folder(table), target);
        Path folder = partition.entries().isEmpty() ? version : new Path(version, PartitionSwap.name(partition));
        // under the lock now: a collection may have been faster
        refuseUnsound(table, partition, target, folder);
        GarbageCollection.unmark(files, version);
        String at = clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
        write(rolledBackMark(table, from, partition), at + " by " + by + " to " + target + "\n");
        ProvenanceFile record = ProvenanceFile.read(files, version).orElseThrow();
        Map<String, String> parameters = new LinkedHashMap<>(record.parameters());
        parameters.put("granary.rolled_back_from", from.value());
        parameters.put("granary.rolled_back_by", by);
        parameters.put("granary.rolled_back_at", at);
        return parameters;
    }

    /** In the version that readers no longer see: it was published once, so one may go forward to it again. */
    private Path rolledBackMark(TableName table, RunId run, PartitionSpec partition) {
        String suffix = partition.entries().isEmpty()
                ? "table"
                : PartitionSwap.name(partition).replace('/', '.');
        return new Path(VersionFolder.of(folder(table), run), ROLLED_BACK + suffix);
    }

    /**
     * Deletes version folders that no partition points at, and what dead runs left behind.
     *
     * @param keep versions before the present one that are kept, for each partition
     * @param older a version must have been out of readers' sight for at least this long: longer than the longest query.
     *     The time counts from the first collection that found it so.
     * @param dryRun changes nothing and deletes nothing
     */
    public Garbage collect(TableName table, int keep, Duration older, boolean dryRun) {
        return new GarbageCollection(catalog, files, folder(table), clock, this)
                .collect(table(table), keep, older, dryRun, terms);
    }

    Optional<ProvenanceFile> record(TableName table, RunId run) {
        return ProvenanceFile.read(files, VersionFolder.of(folder(table), run));
    }

    private void write(Path file, String text) {
        try (OutputStream out = files.create(file, true)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private boolean exists(Path file) {
        try {
            return files.exists(file);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot look at " + file + ": " + e.getMessage(), e);
        }
    }

    private Table table(TableName name) {
        Table table = catalog.existing(name);
        if (!isOurs(table, folder(name))) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    name + " is no table that Granary publishes: it is " + table.getTableType() + " at "
                            + table.getSd().getLocation());
        }
        return table;
    }

    private Path folder(TableName name) {
        return new Path(warehouse, name.database() + "/" + name.table());
    }
}
