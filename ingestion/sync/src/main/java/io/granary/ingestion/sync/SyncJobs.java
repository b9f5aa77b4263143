package io.granary.ingestion.sync;

import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.HdfsWriter;
import io.granary.ingestion.sync.job.PasswordReference;
import io.granary.ingestion.sync.job.RdbmsKind;
import io.granary.ingestion.sync.job.RdbmsReader;
import io.granary.ingestion.sync.job.WriterColumn;
import io.granary.tablestore.Column;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableSchema;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.SourceNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** The job that lands a database table, and the ODS table it lands in: both follow from the database's own columns. */
final class SyncJobs {
    private static final String DS = "ds";

    private SyncJobs() {}

    /**
     * The job from a table to a folder.
     *
     * @param key column that names a row, or null
     */
    static DataxJob job(
            Connection connection,
            String table,
            String key,
            List<DatabaseColumn> columns,
            String fileSystem,
            String folder) {
        RdbmsReader reader = RdbmsReader.of(
                        RdbmsKind.of(connection.type().toString()),
                        connection.user(),
                        PasswordReference.to(connection),
                        PasswordReference.jobUrl(connection),
                        List.of(table),
                        columns.stream().map(DatabaseColumn::name).toList())
                .withSplitPk(key);
        HdfsWriter writer = HdfsWriter.orc(
                fileSystem,
                folder,
                "part",
                columns.stream()
                        .map(c -> new WriterColumn(c.hiveName(), c.hiveType()))
                        .toList());
        return DataxJob.of(reader, writer);
    }

    /**
     * The ODS table of a source.
     *
     * @throws GranaryException when the database's columns cannot be a Hive table's
     */
    static TableSchema table(SourceNode source, List<DatabaseColumn> columns) {
        Set<String> names = new HashSet<>(Set.of(DS));
        for (DatabaseColumn column : columns) {
            if (!names.add(column.hiveName())) {
                throw new GranaryException(
                        ErrorCode.DATA,
                        "source " + source.qualifiedName() + ": table " + source.sourceTable() + " has a column "
                                + column.name() + ", but " + column.hiveName()
                                + " is already there in Hive (ds is the partition; case does not count). Offer it"
                                + " under another name through a view.");
            }
        }
        return new TableSchema(
                TableName.parse(source.table()),
                columns.stream()
                        .map(c -> new Column(c.hiveName(), c.hiveType(), c.comment()))
                        .toList(),
                List.of(new Column(DS, "string", "Day the rows were read for.")),
                source.description());
    }

    /** Names what the rows were read by: the same for every day that the source and its columns stay the same. */
    static String hash(DataxJob job) {
        String definition = String.valueOf(job.reader()) + ((HdfsWriter) job.writer()).column();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(definition.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
