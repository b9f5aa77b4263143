package io.granary.ingestion.sync;

import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.ErrorLimit;
import io.granary.ingestion.sync.job.HdfsWriter;
import io.granary.ingestion.sync.job.PasswordReference;
import io.granary.ingestion.sync.job.RdbmsKind;
import io.granary.ingestion.sync.job.RdbmsReader;
import io.granary.ingestion.sync.job.Speed;
import io.granary.ingestion.sync.job.WriterColumn;
import io.granary.tablestore.Column;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.manifest.TableRead;
import io.granary.warehouse.text.Digests;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The job that lands database tables: it follows from the database's own columns and those of the ODS table. */
final class SyncJobs {
    /** Column that says from which of several tables a row is. */
    static final String SOURCE_TABLE = "source_table";

    /** Stands for the table that is read, as in preSql and postSql. */
    private static final String TABLE_NAME = "'@table'";

    /** With a type, which a bare NULL does not have. */
    private static final String NULL = "CAST(NULL AS CHAR)";

    private SyncJobs() {}

    /**
     * The job from tables to a folder.
     *
     * @param columns of the ODS table in their order; one that the database does not have is NULL
     * @param condition of the rows, or null
     */
    static DataxJob job(
            Connection connection,
            TableRead read,
            SourceShape shape,
            List<Column> columns,
            String condition,
            String fileSystem,
            String folder) {
        Map<String, String> names = new LinkedHashMap<>();
        shape.columns().forEach(column -> names.put(column.hiveName(), column.name()));
        if (read.tables() != null) {
            names.put(SOURCE_TABLE, TABLE_NAME);
        }
        RdbmsReader reader = RdbmsReader.of(
                        RdbmsKind.of(connection.type().toString()),
                        connection.user(),
                        PasswordReference.to(connection),
                        PasswordReference.jobUrl(connection),
                        shape.tables(),
                        columns.stream()
                                .map(c -> names.getOrDefault(c.name(), NULL))
                                .toList())
                .withWhere(condition)
                .withSplitPk(shape.splitKey())
                .withZeroDates(read.zeroDates());
        HdfsWriter writer = HdfsWriter.orc(
                fileSystem,
                folder,
                SyncStaging.FILE,
                columns.stream().map(c -> new WriterColumn(c.name(), c.type())).toList());
        return DataxJob.of(setting(read), reader, writer);
    }

    private static DataxJob.Setting setting(TableRead read) {
        TableRead.Errors errors = read.errors();
        return new DataxJob.Setting(
                Speed.of(read.channels() == null ? 1 : read.channels()),
                errors == null
                        ? ErrorLimit.NONE_LOST
                        : new ErrorLimit(
                                errors.record(),
                                errors.percentage() == null
                                        ? null
                                        : errors.percentage().doubleValue()));
    }

    /** Names what the rows are read by: parts of jobs with the same hash go together. */
    static String hash(DataxJob job, String engine) {
        String definition = engine + job.reader() + job.setting().errorLimit() + ((HdfsWriter) job.writer()).column();
        return Digests.sha256(definition);
    }
}
