package io.granary.ingestion.file;

import io.granary.ingestion.sync.engine.JobReport;
import io.granary.ingestion.sync.engine.NativeEngine;
import io.granary.ingestion.sync.engine.PartLog;
import io.granary.ingestion.sync.engine.Progress;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.orc.OrcFolderWriter;
import io.granary.ingestion.sync.row.RowWriter;
import io.granary.tablestore.Column;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.RunId;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableSchema;
import io.granary.tablestore.TableStore;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.manifest.TableRead;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;

/** Lands files as a day of their source's ODS table: staged as ORC, then published whole, with what they were. */
public final class FileLanding {
    private final Profile profile;
    private final Configuration hadoop;
    private final TableStore store;
    private final Clock clock;

    public FileLanding(Profile profile, Configuration hadoop, TableStore store, Clock clock) {
        this.profile = profile;
        this.hadoop = hadoop;
        this.store = store;
        this.clock = clock;
    }

    /**
     * What readers see of a day.
     *
     * @param inputs the files it was made from
     * @param definition hash of what the source said then
     */
    public record Seen(PublishedPartition partition, List<Provenance.Input> inputs, String definition, long rows) {}

    /** A day that was landed. {@code dirty} rows were left out. */
    public record Landed(RunId run, long rows, long dirty) {}

    /** Nothing when the day was never landed. */
    public Optional<Seen> seen(SourceNode source, String ds) {
        return store.partitions(TableName.parse(source.table()), List.of(day(ds))).stream()
                .findFirst()
                .map(partition -> {
                    Optional<Provenance> made = store.provenance(partition);
                    return new Seen(
                            partition,
                            made.map(Provenance::inputs).orElse(List.of()),
                            made.map(Provenance::sqlHash).orElse(""),
                            made.map(Provenance::rows).orElse(0L));
                });
    }

    /**
     * Publishes the rows as the day, or behind those that are there.
     *
     * @param before whose rows stay; null: the rows take the day's place, whatever is there
     * @param inputs the files, those that stay among them
     * @param dirtyRows file for the rows that are left out
     * @throws GranaryException when a row is left out beyond the limit; code BUSY when the day has moved meanwhile. Nothing
     *     was published then
     */
    public Landed land(
            SourceNode source, String ds, FileRows rows, Seen before, List<Provenance.Input> inputs, Path dirtyRows) {
        store.ensure(table(source));
        RunId run = RunId.next(clock);
        PartitionSpec day = day(ds);
        TableStore.Staging staging = store.stage(TableName.parse(source.table()), run, Set.of(day));
        try {
            org.apache.hadoop.fs.Path folder = new org.apache.hadoop.fs.Path(staging.location() + "/" + day);
            if (before != null) {
                keep(before, folder);
            }
            JobReport report = write(source, rows, folder, run, dirtyRows);
            long all = report.rows() + (before == null ? 0 : before.rows());
            store.publish(
                    staging, Set.of(day), new Provenance(source.id(), definition(source), inputs).withRows(all));
            return new Landed(run, report.rows(), report.dirty());
        } catch (RuntimeException e) {
            discard(staging, e);
            throw e;
        }
    }

    private JobReport write(
            SourceNode source, FileRows rows, org.apache.hadoop.fs.Path folder, RunId run, Path dirtyRows) {
        DataxJob.HdfsWriter to = new DataxJob.HdfsWriter(
                profile.fs(),
                folder.toUri().getPath(),
                "orc",
                "part-" + run,
                "nonConflict",
                "\u0001",
                "SNAPPY",
                source.columns().stream()
                        .map(c -> new DataxJob.WriterColumn(c.name(), c.type().replace(" ", "")))
                        .toList());
        try (RowWriter writer = OrcFolderWriter.open(to, hadoop)) {
            return new NativeEngine(profile, hadoop, dirtyRows, Progress.NONE)
                    .run(rows, writer, setting(source), PartLog.NONE);
        }
    }

    private static DataxJob.Setting setting(SourceNode source) {
        TableRead.Errors errors = source.fetch().errors();
        long record = errors == null || errors.record() == null ? 0 : errors.record();
        return new DataxJob.Setting(new DataxJob.Speed(2), new DataxJob.ErrorLimit(record));
    }

    /** Files of a version never change, so that a copy is as good. */
    private void keep(Seen before, org.apache.hadoop.fs.Path folder) {
        org.apache.hadoop.fs.Path from = new org.apache.hadoop.fs.Path(before.partition().location());
        try {
            FileSystem files = from.getFileSystem(hadoop);
            files.mkdirs(folder);
            for (FileStatus file : files.listStatus(from, p -> !p.getName().startsWith("_") && !p.getName().startsWith("."))) {
                FileUtil.copy(
                        files,
                        file.getPath(),
                        files,
                        new org.apache.hadoop.fs.Path(folder, file.getPath().getName()),
                        false,
                        hadoop);
            }
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot copy the rows of " + from + ": " + e, e);
        }
    }

    private void discard(TableStore.Staging staging, RuntimeException failure) {
        try {
            store.discard(staging);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private static TableSchema table(SourceNode source) {
        List<Column> columns = new ArrayList<>();
        source.columns().forEach(c -> columns.add(new Column(c.name(), c.type().replace(" ", ""), c.description())));
        return new TableSchema(
                TableName.parse(source.table()),
                columns,
                List.of(new Column("ds", "string", "Day the rows are of.")),
                source.description());
    }

    /** The same as long as the same files become the same rows. */
    public static String definition(SourceNode source) {
        return Sums.sha256(source.format() + source.columns() + source.fetch().csv());
    }

    private static PartitionSpec day(String ds) {
        return PartitionSpec.of("ds", ds);
    }
}
