package io.granary.ingestion.sync;

import io.granary.ingestion.sync.engine.NativeEngine;
import io.granary.ingestion.sync.engine.PartLog;
import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.DataxJson;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.RunId;
import io.granary.tablestore.TableSchema;
import io.granary.tablestore.TableStore;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.SourceNode;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/** Lands a database table as a partition of its ODS table: read, counted, then published whole. */
final class Sync {
    private final Profile profile;
    private final Configuration hadoop;
    private final TableStore store;
    private final Path jobs;
    private final Clock clock;

    /** @param jobs folder where the job is written for people to read */
    Sync(Profile profile, Configuration hadoop, TableStore store, Path jobs, Clock clock) {
        this.profile = profile;
        this.hadoop = hadoop;
        this.store = store;
        this.jobs = jobs;
        this.clock = clock;
    }

    JobRun.Outcome run(SourceNode source, String ds) {
        if (!"full".equals(source.mode())) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "source " + source.qualifiedName() + " has mode '" + source.mode() + "'; supported: full");
        }
        Connection connection = profile.connection(source.connection());
        List<DatabaseColumn> columns = columns(source, connection);
        TableSchema table = SyncJobs.table(source, columns);
        store.ensure(table);
        TableStore.Staging staging = store.stage(table.name(), RunId.next(clock));
        PartitionSpec partition = PartitionSpec.of("ds", ds);
        try {
            DataxJob job = SyncJobs.job(
                    connection,
                    source.sourceTable(),
                    source.splitKey(),
                    columns,
                    profile.fs(),
                    new org.apache.hadoop.fs.Path(staging.location() + "/" + partition)
                            .toUri()
                            .getPath());
            DataxJson.write(job, jobs.resolve("sync." + source.qualifiedName() + "." + ds + ".json"));
            long rows = new NativeEngine(profile, hadoop).run(job, PartLog.NONE).rows();
            store.publish(staging, Set.of(partition), new Provenance(source.id(), SyncJobs.hash(job), List.of()));
            return new JobRun.Outcome(
                    rows,
                    table.name().toString(),
                    partition.toString(),
                    staging.run().value());
        } catch (RuntimeException e) {
            throw discarded(staging, e);
        }
    }

    private List<DatabaseColumn> columns(SourceNode source, Connection connection) {
        try (Database database = Database.open(connection)) {
            List<DatabaseColumn> columns = database.columns(source.sourceTable());
            if (columns.isEmpty()) {
                throw new GranaryException(
                        ErrorCode.NOT_FOUND,
                        "source " + source.qualifiedName() + ": connection " + connection + " has no table '"
                                + source.sourceTable() + "'; there are: " + String.join(", ", database.tables()));
            }
            return columns;
        }
    }

    private RuntimeException discarded(TableStore.Staging staging, RuntimeException failure) {
        try {
            store.discard(staging);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }
}
