package io.granary.tablestore;

import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.metastore.TableType;
import org.apache.hadoop.hive.metastore.api.FieldSchema;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.hadoop.hive.metastore.api.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tables of Hive ORC. A version is written under {@code <table>/v=<run id>} through a staging table and published by
 * {@link PartitionSwap}. Not thread-safe: open one for each thread.
 */
public final class HiveTableStore implements TableStore {
    /** Where staging tables are; people see at once that they are not theirs. */
    public static final String STAGING_DATABASE = "granary_staging";

    /** A view has no files; what is in front of its name where a table has its location. */
    private static final String VIEW_LOCATION = "view:";

    private static final Logger LOG = LoggerFactory.getLogger(HiveTableStore.class);
    private static final Pattern STAGED = Pattern.compile("(.+)__(\\d{8}t\\d{6}z)_([0-9a-f]{6})");
    private static final String ORC = "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat";

    private final HiveCatalog catalog;
    private final FileSystem files;
    private final SqlSession sql;
    private final Path warehouse;
    private final LockTerms terms;
    private final Clock clock;

    private HiveTableStore(
            HiveCatalog catalog, FileSystem files, SqlSession sql, Path warehouse, LockTerms terms, Clock clock) {
        this.catalog = catalog;
        this.files = files;
        this.sql = sql;
        this.warehouse = warehouse;
        this.terms = terms;
        this.clock = clock;
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

    static HiveTableStore open(Profile profile, SqlSession sql, LockTerms terms, FileSystem files, Clock clock) {
        Path warehouse = new Path(new Path(profile.fs() + "/"), "granary/warehouse");
        return new HiveTableStore(HiveCatalog.connect(profile), files, sql, warehouse, terms, clock);
    }

    /** Earlier versions of the tables. Uses this store's connections, and ends with it. */
    public TableVersions versions() {
        return new TableVersions(catalog, files, warehouse, terms, clock);
    }

    @Override
    public void ensure(TableSchema schema) {
        Optional<Table> existing = catalog.table(schema.name());
        if (existing.isEmpty()) {
            create(schema);
            return;
        }
        Migration migration = migration(existing.get(), schema);
        if (migration.needsFullRefresh()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "table " + schema.name() + " exists with other columns:\n  "
                            + String.join("\n  ", migration.refused())
                            + "\nChange the definition, or make the table anew (--full-refresh) and build its days again.");
        }
        if (!migration.added().isEmpty()) {
            addColumns(schema);
        }
    }

    private void addColumns(TableSchema schema) {
        try (PublishLock lock = PublishLock.acquire(catalog, schema.name(), "adding columns", terms)) {
            // another process may have added them while this one waited
            List<Column> added = migration(target(schema.name()), schema).added();
            if (!added.isEmpty()) {
                lock.confirm();
                sql.execute(TableDdl.addColumns(schema.name(), added));
            }
        }
    }

    @Override
    public Migration migration(TableSchema schema) {
        return catalog.table(schema.name())
                .map(existing -> migration(existing, schema))
                .orElseGet(() -> new Migration(schema.name(), true, List.of(), List.of()));
    }

    private Migration migration(Table existing, TableSchema wanted) {
        if (isView(existing)) {
            return new Migration(
                    wanted.name(), false, List.of(), List.of("it is a view, the definition makes a table"));
        }
        refuseForeign(existing, wanted.name());
        TableSchema found = schemaOf(existing);
        List<Column> added = SchemaDifference.added(found, wanted);
        List<String> refused = added.isEmpty() ? SchemaDifference.between(found, wanted) : List.of();
        return new Migration(wanted.name(), false, added, refused);
    }

    @Override
    public void recreate(TableSchema schema) {
        Optional<Table> existing = catalog.table(schema.name());
        if (existing.isEmpty()) {
            create(schema);
            return;
        }
        if (!isView(existing.get())) {
            refuseForeign(existing.get(), schema.name());
        }
        try (PublishLock lock = PublishLock.acquire(catalog, schema.name(), "making the table anew", terms)) {
            lock.confirm();
            catalog.dropTable(schema.name());
            create(schema);
        }
    }

    @Override
    public RunId replaceView(TableName view, String query, Provenance provenance) {
        catalog.table(view).filter(existing -> !isView(existing)).ifPresent(existing -> {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    view + " is a table, the definition makes a view. Drop the table (its files stay), or choose"
                            + " another name.");
        });
        ensureDatabase(view.database());
        RunId run = RunId.next(clock);
        Map<String, String> properties =
                ProvenanceFile.parameters(run.value(), provenance.producer(), provenance.sqlHash(), clock.instant());
        try (PublishLock lock = PublishLock.acquire(catalog, view, "run " + run, terms)) {
            lock.confirm();
            sql.execute(TableDdl.replaceView(view, "", properties, query));
        }
        return run;
    }

    private static boolean isView(Table table) {
        return TableType.VIRTUAL_VIEW.name().equals(table.getTableType());
    }

    private void ensureDatabase(String database) {
        catalog.ensureDatabase(database, new Path(warehouse, database).toString(), "Tables published by Granary");
    }

    private void create(TableSchema schema) {
        ensureDatabase(schema.name().database());
        Path folder = folder(schema.name());
        if (schema.partitionColumns().isEmpty()) {
            // a reader would look into the version folders and take v= for a column
            folder = PartitionSwap.emptyFolder(files, folder);
        }
        sql.execute(TableDdl.createTable(schema, folder.toString()));
    }

    private void refuseForeign(Table table, TableName name) {
        boolean orc = ORC.equals(table.getSd().getInputFormat());
        if (!TableVersions.isOurs(table, folder(name))) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "table " + name + " exists, but was not made by Granary: it is " + table.getTableType() + ", "
                            + (orc ? "ORC" : table.getSd().getInputFormat()) + ", at "
                            + table.getSd().getLocation() + "; expected EXTERNAL_TABLE, ORC, at " + folder(name)
                            + ". Rename it, or choose another name.");
        }
    }

    @Override
    public Optional<TableSchema> schema(TableName table) {
        return catalog.table(table).map(HiveTableStore::schemaOf);
    }

    private static TableSchema schemaOf(Table table) {
        return new TableSchema(
                new TableName(table.getDbName(), table.getTableName()),
                columns(table.getSd().getCols()),
                columns(table.getPartitionKeys()),
                table.getParameters().getOrDefault("comment", ""));
    }

    private static List<Column> columns(List<FieldSchema> fields) {
        return fields.stream()
                .map(f -> new Column(f.getName(), f.getType(), f.getComment() == null ? "" : f.getComment()))
                .toList();
    }

    @Override
    public List<PublishedPartition> partitions(TableName table) {
        Optional<Table> found = catalog.table(table);
        if (found.isEmpty()) {
            return List.of();
        }
        if (isView(found.get())) {
            return view(table, found.get());
        }
        if (found.get().getPartitionKeys().isEmpty()) {
            String location = found.get().getSd().getLocation();
            return VersionFolder.run(location)
                    .map(run -> List.of(new PublishedPartition(TableSwap.WHOLE, location, run)))
                    .orElse(List.of());
        }
        return published(table, found.get().getPartitionKeys(), catalog.partitions(table));
    }

    /** One that somebody else made has no version. */
    private static List<PublishedPartition> view(TableName name, Table view) {
        String run = view.getParameters().get("granary.run_id");
        return run == null
                ? List.of()
                : List.of(new PublishedPartition(TableSwap.WHOLE, VIEW_LOCATION + name, new RunId(run)));
    }

    @Override
    public List<PublishedPartition> partitions(TableName table, Collection<PartitionSpec> specs) {
        if (specs.isEmpty()) {
            return List.of();
        }
        PartitionSpec first = specs.iterator().next();
        if (first.equals(TableSwap.WHOLE)) {
            return partitions(table);
        }
        List<FieldSchema> keys = first.entries().stream()
                .map(e -> new FieldSchema(e.column(), "string", ""))
                .toList();
        List<String> names = specs.stream().map(PartitionSwap::name).toList();
        return published(table, keys, catalog.partitions(table, names));
    }

    @Override
    public Optional<Provenance> provenance(PublishedPartition partition) {
        String location = partition.location();
        if (location.startsWith(VIEW_LOCATION)) {
            return catalog.table(TableName.parse(location.substring(VIEW_LOCATION.length())))
                    .map(Table::getParameters)
                    .filter(p -> p.containsKey("granary.producer"))
                    .map(p -> new Provenance(p.get("granary.producer"), p.get("granary.sql_hash"), List.of()));
        }
        String version = "/v=" + partition.run();
        int end = location.indexOf(version);
        return end < 0
                ? Optional.empty()
                : ProvenanceFile.read(files, new Path(location.substring(0, end + version.length())))
                        .map(ProvenanceFile::provenance);
    }

    private static List<PublishedPartition> published(
            TableName table, List<FieldSchema> keys, List<Partition> partitions) {
        List<PublishedPartition> published = new ArrayList<>();
        for (Partition partition : partitions) {
            String location = partition.getSd().getLocation();
            if (PartitionSwap.isPlaceholder(location)) {
                continue;
            }
            PartitionSpec spec = spec(keys, partition.getValues());
            published.add(new PublishedPartition(spec, location, version(table, spec, location)));
        }
        return List.copyOf(published);
    }

    private static RunId version(TableName table, PartitionSpec spec, String location) {
        return VersionFolder.run(location)
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.DATA,
                        "partition " + spec + " of " + table + " is at " + location
                                + ", in no version folder: it was not published by Granary. Build it again."));
    }

    static PartitionSpec spec(List<FieldSchema> keys, List<String> values) {
        List<PartitionSpec.Entry> entries = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            entries.add(new PartitionSpec.Entry(keys.get(i).getName(), values.get(i)));
        }
        return new PartitionSpec(entries);
    }

    @Override
    public Staging stage(TableName table, RunId run) {
        return stage(table, run, Set.of());
    }

    @Override
    public Staging stage(TableName table, RunId run, Set<PartitionSpec> interval) {
        Table target = target(table);
        if (isView(target)) {
            throw new GranaryException(ErrorCode.DEFINITION, table + " is a view: nothing can be written to it");
        }
        Path version = VersionFolder.of(folder(table), run);
        TableName name = stagingTable(table, run);
        Staging staging = new Staging(table, name, version.toString(), run, seen(target, table, interval));
        if (exists(version)) {
            // a run that died may be done again under its own id: what it left is nobody's
            discard(staging);
        }
        catalog.ensureDatabase(
                STAGING_DATABASE,
                new Path(warehouse, STAGING_DATABASE).toString(),
                "Tables that Granary is writing; do not read them");
        Table copy = target.deepCopy();
        copy.setDbName(name.database());
        copy.setTableName(name.table());
        copy.getSd().setLocation(version.toString());
        PartitionSwap.removeStatistics(copy.getParameters());
        copy.getParameters().remove("transient_lastDdlTime");
        ProvenanceFile.replaceParameters(copy.getParameters(), Map.of());
        catalog.createTable(copy);
        return staging;
    }

    static TableName stagingTable(TableName table, RunId run) {
        return new TableName(
                STAGING_DATABASE,
                table.database() + "__" + table.table() + "__"
                        + run.value().toLowerCase(Locale.ROOT).replace('-', '_'));
    }

    /** The run that a staging table belongs to; empty when it is another table's. */
    static Optional<RunId> stagedRun(TableName table, TableName staging) {
        Matcher name = STAGED.matcher(staging.table());
        return name.matches() && name.group(1).equals(table.database() + "__" + table.table())
                ? Optional.of(new RunId(name.group(2).toUpperCase(Locale.ROOT) + "-" + name.group(3)))
                : Optional.empty();
    }

    private Map<PartitionSpec, String> seen(Table target, TableName table, Set<PartitionSpec> interval) {
        if (target.getPartitionKeys().isEmpty() || !interval.isEmpty()) {
            return LocationSwap.of(catalog, files, target)
                    .current(interval.isEmpty() ? Set.of(TableSwap.WHOLE) : interval);
        }
        Map<PartitionSpec, String> seen = new HashMap<>();
        for (Partition partition : catalog.partitions(table)) {
            String location = partition.getSd().getLocation();
            if (!PartitionSwap.isPlaceholder(location)) {
                seen.put(spec(target.getPartitionKeys(), partition.getValues()), location);
            }
        }
        return seen;
    }

    @Override
    public List<PartitionSpec> publish(Staging staging, Set<PartitionSpec> interval, Provenance provenance) {
        Table target = target(staging.target());
        Path version = new Path(staging.location());
        List<String> keys =
                target.getPartitionKeys().stream().map(FieldSchema::getName).toList();
        Map<PartitionSpec, Path> folders = new TreeMap<>(Comparator.comparing(PartitionSpec::toString));
        Map<PartitionSpec, List<ProvenanceFile.DataFile>> dataFiles = new HashMap<>();
        for (StagedFiles.Found found : StagedFiles.list(files, version, keys)) {
            accept(staging, found, interval);
            folders.put(found.spec(), found.folder());
            dataFiles.put(found.spec(), found.dataFiles());
        }
        for (PartitionSpec spec : interval) {
            folders.computeIfAbsent(spec, missing -> emptyFolder(version, missing, keys));
            dataFiles.putIfAbsent(spec, List.of());
        }
        if (folders.isEmpty()) {
            discard(staging);
            return List.of();
        }
        new Publication(catalog, files, terms)
                .commit(
                        target,
                        folders,
                        staging.seen(),
                        replaced -> record(staging, provenance, dataFiles, replaced),
                        "run " + staging.run());
        dropQuietly(staging.table());
        return List.copyOf(folders.keySet());
    }

    private Map<String, String> record(
            Staging staging,
            Provenance provenance,
            Map<PartitionSpec, List<ProvenanceFile.DataFile>> dataFiles,
            Map<PartitionSpec, String> replaced) {
        Map<PartitionSpec, RunId> replaces = new HashMap<>();
        replaced.forEach((spec, location) -> VersionFolder.run(location)
                .filter(run -> !run.equals(staging.run()))
                .ifPresent(run -> replaces.put(spec, run)));
        ProvenanceFile record = ProvenanceFile.of(
                staging, provenance, dataFiles, replaces, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        record.write(files, new Path(staging.location()));
        return record.parameters();
    }

    private static void accept(Staging staging, StagedFiles.Found found, Set<PartitionSpec> interval) {
        if (!interval.isEmpty() && !interval.contains(found.spec())) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "run " + staging.run() + " wrote partition " + found.spec() + " of " + staging.target()
                            + ", outside its interval " + interval + ". Nothing was published.");
        }
        boolean whole = found.spec().equals(TableSwap.WHOLE);
        if (interval.isEmpty() && !whole && !found.holdsFiles()) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "partition " + found.spec() + " of " + staging.target() + " was staged without a file in "
                            + found.folder() + ". Nothing was published.");
        }
    }

    /** A reader takes a folder that does not exist for an empty one, without an error: so make it. */
    private Path emptyFolder(Path version, PartitionSpec spec, List<String> keys) {
        List<String> columns =
                spec.entries().stream().map(PartitionSpec.Entry::column).toList();
        if (!columns.equals(keys) || keys.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.INTERNAL, "interval " + spec + " does not name the partition columns " + keys);
        }
        Path folder = new Path(version, PartitionSwap.name(spec));
        try {
            files.mkdirs(folder);
            return folder;
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot make " + folder + ": " + e.getMessage(), e);
        }
    }

    private void dropQuietly(TableName staging) {
        try {
            catalog.dropTable(staging);
        } catch (GranaryException e) {
            // the version is published: what is left of its staging table does not change that
            LOG.warn("staging table {} is left behind: {}", staging, e.getMessage());
        }
    }

    @Override
    public void discard(Staging staging) {
        Path version = new Path(staging.location());
        boolean whole = catalog.table(staging.target())
                .filter(t -> new Path(t.getSd().getLocation()).equals(version))
                .isPresent();
        if (whole) {
            throw new GranaryException(
                    ErrorCode.BUSY,
                    "version " + staging.run() + " of " + staging.target() + " is published: it is not discarded.");
        }
        for (Partition partition : catalog.partitions(staging.target())) {
            if ((partition.getSd().getLocation() + "/").startsWith(version + "/")) {
                throw new GranaryException(
                        ErrorCode.BUSY,
                        "version " + staging.run() + " of " + staging.target() + " is published (partition "
                                + String.join("/", partition.getValues()) + "): it is not discarded.");
            }
        }
        catalog.dropTable(staging.table());
        try {
            files.delete(version, true);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot delete " + version + ": " + e.getMessage(), e);
        }
    }

    private boolean exists(Path folder) {
        try {
            return files.exists(folder);
        } catch (IOException e) {
            throw new GranaryException(ErrorCode.EXTERNAL, "cannot look at " + folder + ": " + e.getMessage(), e);
        }
    }

    private Table target(TableName name) {
        return catalog.table(name)
                .orElseThrow(() -> new GranaryException(ErrorCode.NOT_FOUND, "there is no table " + name));
    }

    private Path folder(TableName name) {
        return new Path(warehouse, name.database() + "/" + name.table());
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
