package io.granary.ingestion.upload;

import io.granary.ingestion.file.ArchiveLimits;
import io.granary.ingestion.file.FileLanding;
import io.granary.ingestion.file.FileRows;
import io.granary.tablestore.Column;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.RunId;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableSchema;
import io.granary.tablestore.TableStore;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ColumnNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;

/** {@code ods.granary_upload_log}: who gave which file when, and what became of it; a partition of its own for each. */
final class UploadLog {
    static final TableName TABLE = TableName.parse("ods.granary_upload_log");

    private static final List<ColumnNode> COLUMNS = List.of(
            new ColumnNode("source", "string", true, "<subject>.<source> it is for."),
            new ColumnNode("data_ds", "string", true, "Day it is for."),
            new ColumnNode("file", "string", true, "Name of the file."),
            new ColumnNode("sha256", "string", true, "Hash of its content."),
            new ColumnNode("bytes", "bigint", true, "Its size."),
            new ColumnNode("mode", "string", true, "replace or append."),
            new ColumnNode("uploaded_by", "string", true, "Who gave it."),
            new ColumnNode("uploaded_at", "timestamp", true, "When, UTC."),
            new ColumnNode("result", "string", true, "published or rejected."),
            new ColumnNode("rows", "bigint", true, "Rows in it."),
            new ColumnNode("problem_count", "bigint", true, "Values that are not what their column says."));

    private final FileLanding landing;
    private final TableStore store;
    private final Path folder;

    /** @param folder for a file on the way */
    UploadLog(FileLanding landing, TableStore store, Path folder) {
        this.landing = landing;
        this.store = store;
        this.folder = folder;
    }

    /** Adds a line; nothing when the run has one already. */
    void add(UploadReport report) {
        RunId run = new RunId(report.runId());
        PartitionSpec partition = PartitionSpec.of(
                "ds", run.startedAt().atZone(ZoneOffset.UTC).toLocalDate().toString(), "run_id", run.value());
        if (!store.partitions(TABLE, List.of(partition)).isEmpty()) {
            return;
        }
        Path line = null;
        try {
            line = Files.createTempFile(folder, "log-", ".json");
            Files.writeString(line, report.toLine());
            FileRows rows = new FileRows(
                    COLUMNS, null, List.of(new FileRows.Input(TABLE.toString(), line)), ArchiveLimits.NORMAL);
            landing.land(schema(), partition, run, rows, new Provenance("upload", report.sha256(), List.of()));
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.RESOURCES, "cannot write in " + folder + ": " + e, e);
        } finally {
            delete(line);
        }
    }

    private static TableSchema schema() {
        return new TableSchema(
                TABLE,
                COLUMNS.stream()
                        .map(c -> new Column(c.name(), c.type(), c.description()))
                        .toList(),
                List.of(
                        new Column("ds", "string", "Day of the upload, UTC."),
                        new Column("run_id", "string", "Version that it made, or would have made.")),
                "Files that people gave.");
    }

    private static void delete(Path line) {
        try {
            if (line != null) {
                Files.deleteIfExists(line);
            }
        } catch (IOException e) {
            org.slf4j.LoggerFactory.getLogger(UploadLog.class).debug("deleting {}", line, e);
        }
    }
}
