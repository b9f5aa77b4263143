package io.granary.ingestion.file;

import io.granary.ingestion.sync.engine.JobReport;
import io.granary.ingestion.sync.engine.NativeEngine;
import io.granary.ingestion.sync.engine.PartLog;
import io.granary.ingestion.sync.engine.Progress;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.ErrorLimit;
import io.granary.ingestion.sync.job.HdfsWriter;
import io.granary.ingestion.sync.job.WriterColumn;
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
import io.granary.warehouse.text.Digests;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;

/** Lands files as a day of their source's ODS table: staged as ORC, then published whole, with what they were. */
public final class FileLanding {
    private static final int CHANNELS = 2;

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

    /** What becomes of the rows that a day has. */
    public enum Mode {
        REPLACE,
        APPEND
    }

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
     * @param seen the day as it was looked at before; null when there was none
     * @param inputs the files, those that stay among them
     * @param dirtyRows file for the rows that are left out
     * @throws GranaryException when a row is left out beyond the limit; code BUSY when the day has moved meanwhile. Nothing
     *     was published then
     */
    public Landed land(
            SourceNode source,
            String ds,
            FileRows rows,
            Seen seen,
            Mode mode,
            List<Provenance.Input> inputs,
            Path dirtyRows) {
        RunId run = RunId.next(clock);
        return land(table(source), day(ds), run, seen, mode, folder -> {
            JobReport report = write(rows, folder, run, setting(source), dirtyRows);
            long all = report.rows() + (mode == Mode.APPEND && seen != null ? seen.rows() : 0);
            return new Written(report, new Provenance(source.id(), definition(source), inputs).withRows(all));
        });
    }

    /**
     * Publishes rows as a partition that nobody else writes.
     *
     * @param run names the version
     */
    public void land(TableSchema table, PartitionSpec partition, RunId run, FileRows rows, Provenance made) {
        land(
                table,
                partition,
                run,
                null,
                Mode.REPLACE,
                folder -> new Written(write(rows, folder, run, DataxJob.Setting.DEFAULT, null), made));
    }

    /** What a run wrote and what shall be known of it. */
    private record Written(JobReport report, Provenance made) {}

    private Landed land(
            TableSchema table,
            PartitionSpec partition,
            RunId run,
            Seen seen,
            Mode mode,
            Function<org.apache.hadoop.fs.Path, Written> work) {
        store.ensure(table);
        // what was looked at before is what must be there still: else one of two uploads would be lost
        Map<PartitionSpec, String> places =
                seen == null ? Map.of() : Map.of(partition, seen.partition().location());
        TableStore.Staging staging =
                store.stage(table.name(), run, Set.of(partition)).withSeen(places);
        try {
            org.apache.hadoop.fs.Path folder = new org.apache.hadoop.fs.Path(staging.location() + "/" + partition);
            if (seen != null && mode == Mode.APPEND) {
                keep(seen, folder);
            }
            Written written = work.apply(folder);
            store.publish(staging, Set.of(partition), written.made());
            return new Landed(run, written.report().rows(), written.report().dirty());
        } catch (RuntimeException e) {
            discard(staging, e);
            throw e;
        }
    }

    private JobReport write(
            FileRows rows, org.apache.hadoop.fs.Path folder, RunId run, DataxJob.Setting setting, Path dirtyRows) {
        HdfsWriter to = HdfsWriter.orc(
                profile.fs(),
                folder.toUri().getPath(),
                "part-" + run,
                rows.columns().stream()
                        .map(c -> new WriterColumn(c.name(), c.type().replace(" ", "")))
                        .toList());
        try (RowWriter writer = OrcFolderWriter.open(to, hadoop)) {
            return new NativeEngine(profile, hadoop, dirtyRows, Progress.NONE)
                    .run(rows, writer, setting, CHANNELS, PartLog.NONE);
        }
    }

    private static DataxJob.Setting setting(SourceNode source) {
        TableRead.Errors errors = source.fetch().errors();
        if (errors == null) {
            return DataxJob.Setting.DEFAULT;
        }
        Double share = errors.percentage() == null ? null : errors.percentage().doubleValue();
        return new DataxJob.Setting(null, new ErrorLimit(errors.record(), share));
    }

    /** Files of a version never change, so that a copy is as good. */
    private void keep(Seen before, org.apache.hadoop.fs.Path folder) {
        org.apache.hadoop.fs.Path from =
                new org.apache.hadoop.fs.Path(before.partition().location());
        try {
            FileSystem files = from.getFileSystem(hadoop);
            files.mkdirs(folder);
            for (FileStatus file : files.listStatus(
                    from, p -> !p.getName().startsWith("_") && !p.getName().startsWith("."))) {
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
        return Digests.sha256(
                source.format() + source.columns() + source.fetch().csv());
    }

    private static PartitionSpec day(String ds) {
        return PartitionSpec.of("ds", ds);
    }
}
