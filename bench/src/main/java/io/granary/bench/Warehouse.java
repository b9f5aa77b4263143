package io.granary.bench;

import io.granary.tablestore.Column;
import io.granary.tablestore.HadoopSettings;
import io.granary.tablestore.HiveJdbcSession;
import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.RunId;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableSchema;
import io.granary.tablestore.TableStore;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.log.LogRelation;
import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.SourceNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;

/** The running stores, to prepare what is measured and to look at what came out. */
final class Warehouse implements AutoCloseable {
    private static final List<String> LINE = List.of("region", "site", "host", "file");

    private final HiveJdbcSession session;
    private final TableStore store;
    private final FileSystem files;

    Warehouse(Profile profile) {
        session = HiveJdbcSession.open(profile);
        store = HiveTableStore.open(profile, session);
        files = HadoopSettings.fileSystem(profile);
    }

    SqlSession session() {
        return session;
    }

    TableStore store() {
        return store;
    }

    FileSystem files() {
        return files;
    }

    /** Makes the ODS table of a source as sealing and syncing do. */
    TableName ensure(SourceNode source) {
        List<Column> columns = new ArrayList<>();
        List<ColumnNode> own = source.columns();
        if (source.isLog()) {
            LINE.forEach(name -> columns.add(new Column(name, "string")));
            columns.add(new Column("line_offset", "bigint"));
            columns.add(new Column("line_number", "bigint"));
            columns.add(new Column("collected_at", "timestamp"));
            columns.add(new Column("seal_id", "string"));
            own = LogRelation.columns(source);
        }
        own.forEach(column -> columns.add(new Column(column.name(), column.type())));
        List<Column> keys = source.partition().stream()
                .map(key -> new Column(key, "string"))
                .toList();
        TableName table = TableName.parse(source.table());
        store.ensure(new TableSchema(table, columns, keys, ""));
        return table;
    }

    /** Publishes the rows of a query; its last columns are the partition columns. */
    void publish(SourceNode source, String rows) {
        TableName table = ensure(source);
        TableStore.Staging staging = store.stage(table, RunId.next(Clock.systemUTC()));
        session.execute("INSERT OVERWRITE TABLE " + staging.table() + " PARTITION ("
                + String.join(", ", source.partition()) + ")\n" + rows);
        store.publish(staging, Set.of(), provenance(source));
    }

    /** Publishes partitions without rows. */
    void publishEmpty(SourceNode source, PartitionSpec partition) {
        TableName table = ensure(source);
        TableStore.Staging staging = store.stage(table, RunId.next(Clock.systemUTC()), Set.of(partition));
        store.publish(staging, Set.of(partition), provenance(source));
    }

    private static Provenance provenance(SourceNode source) {
        return new Provenance(source.id(), "bench", List.of());
    }

    /**
     * Publishes partitions as a version of their own; one holds copies of another partition's files, the others are empty.
     *
     * @param as the one with files, among {@code interval}
     */
    void publishCopy(
            PublishedPartition of,
            TableName table,
            PartitionSpec as,
            Set<PartitionSpec> interval,
            Provenance provenance) {
        TableStore.Staging staging = store.stage(table, RunId.next(Clock.systemUTC()), interval);
        Path folder = new Path(staging.location(), as.toString());
        try {
            files.mkdirs(folder);
            for (FileStatus file : files.listStatus(new Path(of.location()))) {
                FileUtil.copy(files, file.getPath(), files, folder, false, true, files.getConf());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        store.publish(staging, interval, provenance);
    }

    /** Deletes the versions of a table that readers do not see, as `granary gc` does after a day. */
    void dropOldVersions(TableName table) {
        List<String> visible =
                store.partitions(table).stream().map(p -> "v=" + p.run()).toList();
        try {
            Path folder = new Path(files.getUri() + "/granary/warehouse/" + table.database() + "/" + table.table());
            for (FileStatus version : files.listStatus(folder)) {
                String name = version.getPath().getName();
                if (name.startsWith("v=") && !visible.contains(name)) {
                    files.delete(version.getPath(), true);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The only row of a query, by column. */
    Map<String, Object> row(String query) {
        SqlSession.Rows rows = session.query(query);
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i < rows.columns().size(); i++) {
            row.put(rows.columns().get(i), rows.rows().get(0).get(i));
        }
        return row;
    }

    @Override
    public void close() throws IOException {
        files.close();
        store.close();
        session.close();
    }
}
