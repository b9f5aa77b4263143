package io.granary.tablestore;

import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.common.FileUtils;
import org.apache.hadoop.hive.metastore.TableType;
import org.apache.hadoop.hive.metastore.api.FieldSchema;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.hadoop.hive.metastore.api.Table;

/**
 * Takes published tables out of their readers' sight and gives them back. A table in quarantine is the same table under
 * another name: one metastore call renames it, its partitions and files stay where they are. Every call may be repeated.
 */
public final class QuarantinedTables implements AutoCloseable {
    /** Where tables in quarantine are. */
    public static final String DATABASE = "granary_retired";

    private static final String RETIRED_AT = "granary.retired_at";
    private static final String RETIRED_FROM = "granary.retired_from";

    private final HiveCatalog catalog;
    private final FileSystem files;
    private final Path warehouse;
    private final LockTerms terms;
    private final Clock clock;

    /** Where a table is now. */
    public enum State {
        /** Neither here nor there: never built, or dropped. */
        ABSENT,
        /** Readers see it. */
        PUBLISHED,
        QUARANTINED,
        /** Readers see one, and another one of that name is in quarantine. */
        BOTH,
        /** A table of that name, which Granary did not make: it is never touched. */
        FOREIGN
    }

    private QuarantinedTables(HiveCatalog catalog, FileSystem files, Path warehouse, LockTerms terms, Clock clock) {
        this.catalog = catalog;
        this.files = files;
        this.warehouse = warehouse;
        this.terms = terms;
        this.clock = clock;
    }

    public static QuarantinedTables open(Profile profile, Clock clock) {
        Path warehouse = new Path(new Path(profile.fs() + "/"), "granary/warehouse");
        HiveCatalog catalog = HiveCatalog.connect(profile);
        try {
            return new QuarantinedTables(
                    catalog, HadoopSettings.fileSystem(profile), warehouse, LockTerms.DEFAULT, clock);
        } catch (RuntimeException e) {
            catalog.close();
            throw e;
        }
    }

    /** The name a table has in quarantine. */
    public static TableName quarantined(TableName table) {
        return new TableName(DATABASE, table.database() + "__" + table.table());
    }

    public State state(TableName table) {
        boolean away = catalog.table(quarantined(table)).isPresent();
        Optional<Table> here = catalog.table(table);
        if (here.isEmpty()) {
            return away ? State.QUARANTINED : State.ABSENT;
        }
        if (!isOurs(here.get(), table)) {
            return State.FOREIGN;
        }
        return away ? State.BOTH : State.PUBLISHED;
    }

    private boolean isOurs(Table table, TableName name) {
        return isView(table)
                ? table.getParameters().containsKey("granary.run_id")
                : TableVersions.isOurs(table, folder(name));
    }

    /** Where the data of a table is; empty when there is no such table. */
    public Optional<TableFootprint> footprint(TableName table) {
        return catalog.table(table).map(this::locations);
    }

    /** Of all tables but these and those that are being staged, by name. */
    public SortedMap<String, TableFootprint> others(Set<TableName> except) {
        SortedMap<String, TableFootprint> found = new TreeMap<>();
        for (String database : catalog.databases()) {
            if (database.equals(HiveTableStore.STAGING_DATABASE)) {
                continue;
            }
            for (Table table : catalog.tables(database)) {
                TableName name = new TableName(table.getDbName(), table.getTableName());
                if (!except.contains(name)) {
                    found.put(name.toString(), locations(table));
                }
            }
        }
        return found;
    }

    private TableFootprint locations(Table table) {
        TableName name = new TableName(table.getDbName(), table.getTableName());
        SortedMap<String, String> partitions = new TreeMap<>();
        if (isView(table)) {
            return new TableFootprint(name, true, String.valueOf(table.getViewOriginalText()), partitions);
        }
        if (!table.getPartitionKeys().isEmpty()) {
            List<String> keys =
                    table.getPartitionKeys().stream().map(FieldSchema::getName).toList();
            for (Partition partition : catalog.partitions(name)) {
                partitions.put(
                        FileUtils.makePartName(keys, partition.getValues()),
                        partition.getSd().getLocation());
            }
        }
        return new TableFootprint(name, false, String.valueOf(table.getSd().getLocation()), partitions);
    }

    /**
     * Readers no longer see the table. Does nothing when it is in quarantine, or not there at all.
     *
     * @throws GranaryException when a publisher holds the table for too long, or both names are taken
     */
    public void quarantine(TableName table) {
        if (catalog.table(table).isEmpty()) {
            return;
        }
        catalog.ensureDatabase(
                DATABASE,
                new Path(warehouse, DATABASE).toString(),
                "Tables of retired subjects, until they are dropped",
                files);
        try (PublishLock lock = PublishLock.acquire(catalog, table, "granary retire", terms)) {
            Optional<Table> found = catalog.table(table);
            if (found.isEmpty()) {
                return;
            }
            Table renamed = renamed(found.get(), quarantined(table));
            renamed.putToParameters(
                    RETIRED_AT, clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
            renamed.putToParameters(RETIRED_FROM, table.toString());
            lock.confirm();
            rename(table, renamed);
        }
    }

    /**
     * Readers see the table again as it was. Does nothing when they do, or when there is none in quarantine.
     *
     * @throws GranaryException when the name is taken by now
     */
    public void restore(TableName table) {
        TableName away = quarantined(table);
        Optional<Table> found = catalog.table(away);
        if (found.isEmpty()) {
            return;
        }
        Table renamed = renamed(found.get(), table);
        renamed.getParameters().remove(RETIRED_AT);
        renamed.getParameters().remove(RETIRED_FROM);
        rename(away, renamed);
    }

    /**
     * Deletes a table in quarantine and its files, for good. Does nothing when it is gone already.
     *
     * @throws GranaryException when there is a table of its old name again, which may use the same folder
     */
    public void drop(TableName table) {
        if (catalog.table(table).isPresent()) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "there is a table " + table
                            + " again beside the one in quarantine, and both have their files under "
                            + folder(table) + ". Nothing of it was dropped. Take " + quarantined(table)
                            + " out by hand.");
        }
        catalog.table(quarantined(table)).ifPresent(t -> catalog.dropTable(quarantined(table)));
        Path folder = folder(table);
        try {
            files.delete(folder, true);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot delete " + folder + ": " + e.getMessage(), e);
        }
    }

    /** Bytes of all versions of a table's data. */
    public long bytes(TableName table) {
        try {
            Path folder = folder(table);
            return files.exists(folder) ? files.getContentSummary(folder).getLength() : 0;
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot read " + folder(table) + ": " + e.getMessage(), e);
        }
    }

    private static Table renamed(Table table, TableName name) {
        Table renamed = table.deepCopy();
        renamed.setDbName(name.database());
        renamed.setTableName(name.table());
        return renamed;
    }

    /** One transaction of the metastore; when its answer is lost, the metastore is asked what it did. */
    private void rename(TableName from, Table renamed) {
        try {
            catalog.alterTable(from, renamed);
        } catch (GranaryException e) {
            List<TableName> left = new ArrayList<>();
            catalog.reconnect();
            catalog.table(from).ifPresent(t -> left.add(from));
            boolean arrived = catalog.table(new TableName(renamed.getDbName(), renamed.getTableName()))
                    .isPresent();
            if (!left.isEmpty() || !arrived) {
                throw e;
            }
        }
    }

    private Path folder(TableName name) {
        return new Path(warehouse, name.database() + "/" + name.table());
    }

    private static boolean isView(Table table) {
        return TableType.VIRTUAL_VIEW.name().equals(table.getTableType());
    }

    @Override
    public void close() {
        catalog.close();
        try {
            files.close();
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot close the file system: " + e.getMessage(), e);
        }
    }
}
