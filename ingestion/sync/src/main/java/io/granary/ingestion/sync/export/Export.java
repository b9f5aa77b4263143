package io.granary.ingestion.sync.export;

import io.granary.ingestion.sync.JobRun;
import io.granary.ingestion.sync.engine.NativeEngine;
import io.granary.ingestion.sync.engine.PartLog;
import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.DataxJson;
import io.granary.tablestore.Column;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableSchema;
import io.granary.tablestore.TableStore;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ExportNode;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** Puts one day of a table into the sharing layer; who reads there sees the day as it was or as it is, never a mix. */
public final class Export {
    private final Profile profile;
    private final Configuration hadoop;
    private final TableStore store;
    private final Path jobs;

    /** @param jobs folder where the job is written for people to read */
    public Export(Profile profile, Configuration hadoop, TableStore store, Path jobs) {
        this.profile = profile;
        this.hadoop = hadoop;
        this.store = store;
        this.jobs = jobs;
    }

    public JobRun.Outcome run(ExportNode export, String ds) {
        TableName table = TableName.parse(export.from());
        String build = "Run `granary build --select " + table.table() + " --ds " + ds + "` first.";
        TableSchema schema = store.schema(table)
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.NOT_FOUND, "export " + export.id() + ": there is no table " + table + ". " + build));
        if (!schema.partitionColumns().stream().map(Column::name).toList().equals(List.of("ds"))) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "export " + export.id() + ": table " + table + " is partitioned by "
                            + schema.partitionColumns().stream()
                                    .map(Column::name)
                                    .toList() + "; an exported table is partitioned by ds");
        }
        PublishedPartition partition = store.partitions(table).stream()
                .filter(p -> p.spec().equals(PartitionSpec.of("ds", ds)))
                .findFirst()
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.NOT_FOUND,
                        "export " + export.id() + ": table " + table + " has no partition ds=" + ds + ". " + build));
        return run(export, ds, schema, partition);
    }

    private JobRun.Outcome run(ExportNode export, String ds, TableSchema schema, PublishedPartition partition) {
        Connection connection = profile.connection(export.connection());
        try (Database database = Database.open(connection)) {
            new ExportTable(export, schema).ensure(database);
            database.execute(ExportLog.ddl());
        }
        String folder =
                new org.apache.hadoop.fs.Path(partition.location()).toUri().getPath();
        DataxJob job = ExportJobs.job(export, connection, schema, ds, List.of(folder), profile.fs());
        DataxJson.write(job, jobs.resolve("export." + export.subject() + "." + export.name() + "." + ds + ".json"));
        long rows = new NativeEngine(profile, hadoop).run(job, PartLog.NONE).rows();
        return new JobRun.Outcome(
                rows,
                connection.database() + "." + export.table(),
                partition.spec().toString(),
                partition.run().value());
    }
}
