package io.granary.ingestion.sync.export;

import io.granary.ingestion.sync.JobRun;
import io.granary.ingestion.sync.job.HdfsReader;
import io.granary.ingestion.sync.job.ReaderColumn;
import io.granary.tablestore.Column;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableSchema;
import io.granary.tablestore.TableStore;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ExportNode;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;

/** One day of an exported table as it is published now. */
record ExportedDay(ExportNode export, String ds, TableSchema schema, PublishedPartition partition) {

    /** @throws GranaryException saying what to build when the table or its day is not there */
    static ExportedDay of(ExportNode export, String ds, TableStore store) {
        TableName table = TableName.parse(export.from());
        String build = "Run `granary build --select " + table.table() + " --ds " + ds + "` first.";
        TableSchema schema = store.schema(table)
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.NOT_FOUND, "export " + export.id() + ": there is no table " + table + ". " + build));
        List<String> partitions =
                schema.partitionColumns().stream().map(Column::name).toList();
        if (!partitions.equals(List.of("ds"))) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "export " + export.id() + ": table " + table + " is partitioned by " + partitions
                            + "; an exported table is partitioned by ds");
        }
        PublishedPartition partition = store.partitions(table).stream()
                .filter(p -> p.spec().equals(PartitionSpec.of("ds", ds)))
                .findFirst()
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.NOT_FOUND,
                        "export " + export.id() + ": table " + table + " has no partition ds=" + ds + ". " + build));
        return new ExportedDay(export, ds, schema, partition);
    }

    ExportedVersion version() {
        return new ExportedVersion(export.id(), ds, partition.run());
    }

    /** Names of the columns without the partition's, in their order in the files. */
    List<String> columns() {
        return schema.columns().stream().map(Column::name).toList();
    }

    /**
     * Reads the day's files.
     *
     * @param withDs whether {@code ds} follows the columns
     */
    HdfsReader reader(String fileSystem, boolean withDs) {
        List<ReaderColumn> columns = new ArrayList<>();
        for (Column column : schema.columns()) {
            columns.add(ReaderColumn.at(columns.size(), dataxType(column.type())));
        }
        if (withDs) {
            columns.add(ReaderColumn.constant("string", ds));
        }
        String folder = new Path(partition.location()).toUri().getPath();
        return HdfsReader.orc(fileSystem, List.of(folder + "/*"), columns);
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

    JobRun.Outcome outcome(long rows, String target, List<String> notes) {
        return new JobRun.Outcome(
                rows, target, partition.spec().toString(), partition.run().value(), notes);
    }

    /** Nothing was done. */
    JobRun.Outcome alreadyThere(String target) {
        return outcome(
                0,
                target,
                List.of("already there: version " + partition.run() + " was exported; --force writes it again"));
    }
}
