package io.granary.ingestion.sync;

import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.tablestore.Column;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableSchema;
import io.granary.tablestore.TableStore;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.manifest.TableRead;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a sync of a day would do now.
 *
 * @param table as the ODS table is to be
 * @param engine that runs the job
 * @param hash of the job
 */
record SyncPlan(
        SourceShape shape, Drift drift, RowRange range, TableSchema table, DataxJob job, String engine, String hash) {

    /** Makes the plan from the database, the ODS table and its newest version. */
    static SyncPlan of(SourceNode source, String ds, Engines engines, TableStore store, SyncStaging staging) {
        Profile profile = engines.profile();
        TableRead read = SourceShape.read(source);
        Connection connection = profile.connection(source.connection());
        TableName name = TableName.parse(source.table());
        SourceShape shape;
        RowRange range;
        String condition;
        try (Database database = Database.open(connection)) {
            shape = SourceShape.of(source, database);
            range = new DayRows(store, source, ds)
                    .range(shape, database, staging.begun().map(SyncStaging.Begun::range));
            condition = range.condition(database.dialect(), read.where());
        }
        Drift drift = Drift.between(
                store.schema(name).map(TableSchema::columns).orElse(List.of()),
                last(store, name),
                landed(source, shape));
        String engine = engines.name(read.engine());
        DataxJob job = SyncJobs.job(
                connection,
                read,
                shape,
                drift.columns(),
                condition,
                profile.fs(),
                staging.data().toUri().getPath());
        TableSchema table = new TableSchema(
                name,
                drift.columns(),
                List.of(new Column("ds", "string", "Day the rows were read for.")),
                source.description());
        return new SyncPlan(shape, drift, range, table, job, engine, SyncJobs.hash(job, engine));
    }

    private static List<DatabaseColumn> landed(SourceNode source, SourceShape shape) {
        List<DatabaseColumn> columns = new ArrayList<>(shape.columns());
        if (SourceShape.isSharded(source)) {
            columns.add(new DatabaseColumn(
                    SyncJobs.SOURCE_TABLE, "string", "Table the row is from.", "name of the table", false, 0));
        }
        return columns;
    }

    /** The database's columns as the newest version was made from them; empty when nobody knows. */
    private static List<SourceColumn> last(TableStore store, TableName table) {
        List<PublishedPartition> partitions = store.partitions(table);
        Optional<Instant> newest =
                partitions.stream().map(p -> p.run().startedAt()).max(Comparator.naturalOrder());
        // a run id tells seconds only
        return partitions.stream()
                .filter(p -> newest.filter(p.run().startedAt()::equals).isPresent())
                .flatMap(p -> store.provenance(p).flatMap(SyncRecord::of).stream())
                .max(Comparator.comparing(record -> Instant.parse(record.snapshotAt())))
                .map(SyncRecord::sourceColumns)
                .orElse(List.of());
    }

    /** The columns of the database, as the next sync compares them. */
    List<SourceColumn> sourceColumns(SourceNode source) {
        return landed(source, shape).stream().map(SourceColumn::of).toList();
    }
}
