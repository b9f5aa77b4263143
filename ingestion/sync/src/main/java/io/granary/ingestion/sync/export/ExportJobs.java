package io.granary.ingestion.sync.export;

import io.granary.ingestion.sync.jdbc.Dialect;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.HdfsReader;
import io.granary.ingestion.sync.job.PasswordReference;
import io.granary.ingestion.sync.job.RdbmsKind;
import io.granary.ingestion.sync.job.RdbmsWriter;
import io.granary.ingestion.sync.job.ReaderColumn;
import io.granary.tablestore.Column;
import io.granary.tablestore.TableSchema;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.DatabaseType;
import io.granary.warehouse.manifest.ExportNode;
import java.util.ArrayList;
import java.util.List;

/** The job that puts one day of a table into the sharing layer, in place of the day that is there. */
public final class ExportJobs {
    private static final Dialect SQL = Dialect.of(DatabaseType.MARIADB);

    private ExportJobs() {}

    /**
     * The job of an export.
     *
     * @param schema of the exported table; its columns are read by position, its partition columns are constants
     * @param locations folders of the day's partitions
     */
    public static DataxJob job(
            ExportNode export,
            Connection connection,
            TableSchema schema,
            String ds,
            List<String> locations,
            String fileSystem) {
        List<ReaderColumn> read = new ArrayList<>();
        List<String> written = new ArrayList<>();
        for (Column column : schema.columns()) {
            read.add(ReaderColumn.at(written.size(), dataxType(column.type())));
            written.add(column.name());
        }
        read.add(ReaderColumn.constant("string", ds));
        written.add("ds");
        HdfsReader reader =
                HdfsReader.orc(fileSystem, locations.stream().map(l -> l + "/*").toList(), read);
        RdbmsWriter writer = RdbmsWriter.of(
                        RdbmsKind.of(connection.type().toString()),
                        connection.user(),
                        PasswordReference.to(connection),
                        PasswordReference.jobUrl(connection),
                        export.table(),
                        written)
                .around(
                        List.of("DELETE FROM @table WHERE `ds` = " + SQL.literal(ds)),
                        List.of(ExportLog.entry(export.id(), ds)));
        return DataxJob.of(reader, writer);
    }

    /** DataX has six types; decimals go as text, which a database reads to the last digit. */
    private static String dataxType(String hiveType) {
        return switch (hiveType) {
            case "tinyint", "smallint", "int", "bigint" -> "long";
            case "float", "double" -> "double";
            case "boolean" -> "boolean";
            case "date", "timestamp" -> "date";
            case "binary" -> "bytes";
            default -> "string";
        };
    }
}
