package io.granary.tablestore;

import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.tablestore.TableStore.Staging;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tables of Hive ORC. A version is written under {@code <table>/v=<run id>} through a staging table and published by
 * {@link PartitionSwap}. Not thread-safe: open one for each thread.
 */
public final class HiveTableStore implements TableStore {
    /** Where staging tables are; people see at once that they are not theirs. */
    public static final String STAGING_DATABASE = "granary_staging";

    private static final Logger LOG = LoggerFactory.getLogger(HiveTableStore.class);

    private final HiveCatalog catalog;
    private final FileSystem files;
    private final TableFolders folders;
    private final LockTerms terms;
    private final Clock clock;
    private final TableDefinitions definitions;
    private final PublishedTables published;
    private final StagingArea staged;
    private final StagedPublish publish;

    private HiveTableStore(
            HiveCatalog catalog, FileSystem files, SqlSession sql, TableFolders folders, LockTerms terms, Clock clock) {
        this.catalog = catalog;
        this.files = files;
        this.folders = folders;
        this.terms = terms;
        this.clock = clock;
        this.definitions = new TableDefinitions(catalog, files, sql, folders, terms, clock);
        this.published = new PublishedTables(catalog, files);
        this.staged = new StagingArea(catalog, files, folders);
        this.publish = new StagedPublish(catalog, files, staged, terms, clock);
    }

    /**
     * Opens the store of a profile.
     *
     * @param sql used to create tables, so that the engine itself reads their types; remains the caller's to close
     */
    public static HiveTableStore open(Profile profile, SqlSession sql) {
        return open(profile, sql, LockTerms.DEFAULT);
    }

    /** As {@link #open(Profile, SqlSession)}, with other terms for those who wait for each other. */
    public static HiveTableStore open(Profile profile, SqlSession sql, LockTerms terms) {
        return open(profile, sql, terms, HadoopSettings.fileSystem(profile), Clock.systemUTC());
    }

    /** What readers of a table see now, as {@link #partitions(TableName)}, for those who need no more of a store. */
    public static List<PublishedPartition> published(Profile profile, TableName table) {
        try (HiveCatalog catalog = HiveCatalog.connect(profile);
                FileSystem files = HadoopSettings.fileSystem(profile)) {
            return new PublishedTables(catalog, files).partitions(table);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot close " + profile.fs() + ": " + e.getMessage(), e);
        }
    }

    static HiveTableStore open(Profile profile, SqlSession sql, LockTerms terms, FileSystem files, Clock clock) {
        TableFolders folders = TableFolders.of(profile);
        return new HiveTableStore(HiveCatalog.connect(profile), files, sql, folders, terms, clock);
    }

    /** Earlier versions of the tables. Uses this store's connections, and ends with it. */
    public TableVersions versions() {
        return new TableVersions(catalog, files, folders.warehouse(), terms, clock);
    }

    /** What jobs staged and never published. Uses this store's connections, and ends with it. */
    public AbandonedStaging abandonedStaging() {
        return new AbandonedStaging(files, folders.warehouse().getParent().getParent(), clock);
    }

    /** Takes partitions of one table over into another one. Uses this store's connections, and ends with it. */
    public PartitionAdoption adoption() {
        return new PartitionAdoption(catalog, files, folders, terms, clock);
    }

    /** The databases and what is in them. Uses this store's connections, and ends with it. */
    public Databases databases() {
        return new Databases(catalog, files, folders);
    }

    /**
     * Keeps others away while something is done that takes several publishes: an exclusive lock of the metastore, on a
     * name that need not be a table's. A holder that dies loses it.
     *
     * @param purpose shown to those who wait
     * @throws io.granary.warehouse.error.GranaryException that says who holds it, when it does not come free in time
     */
    public Hold hold(TableName name, String purpose) {
        return hold(PublishLock.acquire(catalog, name, purpose, terms));
    }

    @Override
    public Hold holdAlone(TableName name, String purpose) {
        return hold(PublishLock.acquireAlone(catalog, name, purpose, terms));
    }

    private static Hold hold(PublishLock lock) {
        return new Hold() {
            @Override
            public void confirm() {
                lock.confirm();
            }

            @Override
            public void close() {
                lock.close();
            }
        };
    }

    @Override
    public void ensure(TableSchema schema) {
        definitions.ensure(schema);
    }

    @Override
    public Migration migration(TableSchema schema) {
        return definitions.migration(schema);
    }

    @Override
    public void widen(TableName table, List<Column> columns) {
        definitions.widen(table, columns);
    }

    @Override
    public void recreate(TableSchema schema) {
        definitions.recreate(schema);
    }

    @Override
    public RunId replaceView(TableName view, String query, Provenance provenance) {
        return definitions.replaceView(view, query, provenance);
    }

    /** As {@link #replaceView(TableName, String, Provenance)}, for a version that another view had before. */
    public void replaceView(TableName view, String query, Provenance provenance, RunId run) {
        definitions.replaceView(view, query, provenance, run);
    }

    @Override
    public Optional<TableSchema> schema(TableName table) {
        return definitions.schema(table);
    }

    @Override
    public List<PublishedPartition> partitions(TableName table) {
        return published.partitions(table);
    }

    @Override
    public List<PublishedPartition> partitions(TableName table, Collection<PartitionSpec> specs) {
        return published.partitions(table, specs);
    }

    @Override
    public Optional<Provenance> provenance(PublishedPartition partition) {
        return published.provenance(partition);
    }

    @Override
    public Staging stage(TableName table, RunId run) {
        return staged.stage(table, run, Set.of());
    }

    @Override
    public Staging stage(TableName table, RunId run, Set<PartitionSpec> interval) {
        return staged.stage(table, run, interval);
    }

    @Override
    public List<PartitionSpec> publish(Staging staging, Set<PartitionSpec> interval, Provenance provenance) {
        return publish.publish(staging, interval, provenance);
    }

    @Override
    public void discard(Staging staging) {
        staged.discard(staging);
    }

    @Override
    public void close() {
        catalog.close();
        try {
            files.close();
        } catch (IOException e) {
            LOG.debug("closing the file system", e);
        }
    }
}
