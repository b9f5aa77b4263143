package io.granary.streaming.reconcile;

import io.granary.tablestore.Column;
import io.granary.tablestore.Migration;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.RunId;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableSchema;
import io.granary.tablestore.TableStore;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Tables by day in the session's own catalog, without a metastore: what is written there is seen at once. */
record SparkTables(SqlSession sql) implements TableStore {
    private static final RunId RUN = RunId.next(Clock.systemUTC());

    @Override
    public void ensure(TableSchema schema) {
        String columns = schema.columns().stream()
                .map(c -> "`" + c.name() + "` " + c.type())
                .collect(Collectors.joining(", "));
        String by = schema.partitionColumns().stream()
                .map(c -> c.name() + " STRING")
                .collect(Collectors.joining(", "));
        String names = schema.partitionColumns().stream().map(Column::name).collect(Collectors.joining(", "));
        sql.execute("CREATE TABLE IF NOT EXISTS " + schema.name() + " (" + columns + ", " + by
                + ") USING orc PARTITIONED BY (" + names + ")");
    }

    @Override
    public List<PublishedPartition> partitions(TableName table) {
        return sql.query("SELECT DISTINCT ds FROM " + table).rows().stream()
                .map(row ->
                        new PublishedPartition(PartitionSpec.of("ds", row.get(0).toString()), "", RUN))
                .toList();
    }

    @Override
    public Staging stage(TableName table, RunId run) {
        return new Staging(table, table, "", run);
    }

    @Override
    public List<PartitionSpec> publish(Staging staging, Set<PartitionSpec> interval, Provenance provenance) {
        return List.copyOf(interval);
    }

    @Override
    public void discard(Staging staging) {}

    @Override
    public void close() {}

    @Override
    public List<PublishedPartition> partitions(TableName table, Collection<PartitionSpec> specs) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Migration migration(TableSchema schema) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void widen(TableName table, List<Column> columns) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Hold holdAlone(TableName name, String purpose) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void recreate(TableSchema schema) {
        throw new UnsupportedOperationException();
    }

    @Override
    public RunId replaceView(TableName view, String query, Provenance provenance) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<TableSchema> schema(TableName table) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Provenance> provenance(PublishedPartition partition) {
        throw new UnsupportedOperationException();
    }
}
