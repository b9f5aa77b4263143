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

    private static final Logger LOG = LoggerFactory.getLogger(HiveTableStore.class);
    private static final Pattern VERSION_FOLDER = Pattern.compile("/v=(\\d{8}T\\d{6}Z-[0-9a-f]{6})(?:/|$)");
    private static final String ORC = "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat";

    private final HiveCatalog catalog;
    private final FileSystem files;
    private final SqlSession sql;
    private final Path warehouse;
    private final Clock clock;

    private HiveTableStore(HiveCatalog catalog, FileSystem files, SqlSession sql, Path warehouse, Clock clock) {
        this.catalog = catalog;
        this.files = files;
        this.sql = sql;
        this.warehouse = warehouse;
        this.clock = clock;
    }

    /**
     * Opens the store of a profile.
     *
     * @param sql used to create tables, so that the engine itself reads their types; remains the caller's to close
     */
    public static HiveTableStore open(Profile profile, SqlSession sql) {
        FileSystem files = HadoopSettings.fileSystem(profile);
        Path warehouse = new Path(new Path(profile.fs() + "/"), "granary/warehouse");
        return new HiveTableStore(HiveCatalog.connect(profile), files, sql, warehouse, Clock.systemUTC());
    }

    @Override
    public void ensure(TableSchema schema) {
        Optional<Table> existing = catalog.table(schema.name());
        if (existing.isEmpty()) {
            create(schema);
            return;
        }
        refuseForeign(existing.get(), schema.name());
        List<String> differences = SchemaDifference.between(schemaOf(existing.get()), schema);
        if (!differences.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "table " + schema.name() + " exists with other columns:\n  " + String.join("\n  ", differences)
                            + "\nChange the definition, or drop the table (its files stay) and build its days again.");
        }
    }

    private void create(TableSchema schema) {
        if (schema.partitionColumns().isEmpty()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "table " + schema.name() + " has no partition column; give it one, such as ds");
        }
        catalog.ensureDatabase(
                schema.name().database(),
                new Path(warehouse, schema.name().database()).toString(),
                "Tables published by Granary");
        sql.execute(TableDdl.createTable(schema, folder(schema.name()).toString()));
    }

    private void refuseForeign(Table table, TableName name) {
        boolean external = TableType.EXTERNAL_TABLE.name().equals(table.getTableType());
        boolean orc = ORC.equals(table.getSd().getInputFormat());
        boolean here = new Path(table.getSd().getLocation()).equals(folder(name));
        if (!external || !orc || !here) {
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
        List<String> keys = found.get().getPartitionKeys().stream()
                .map(FieldSchema::getName)
                .toList();
        return published(table, keys, catalog.partitions(table));
    }

    @Override
    public List<PublishedPartition> partitions(TableName table, Collection<PartitionSpec> specs) {
        if (specs.isEmpty()) {
            return List.of();
        }
        List<String> keys = specs.iterator().next().entries().stream()
                .map(PartitionSpec.Entry::column)
                .toList();
        List<String> names = specs.stream().map(PartitionSwap::name).toList();
        return published(table, keys, catalog.partitions(table, names));
    }

    @Override
    public Optional<Provenance> provenance(PublishedPartition partition) {
        Matcher version = VERSION_FOLDER.matcher(partition.location());
        if (!version.find()) {
            return Optional.empty();
        }
        Path folder = new Path(partition.location().substring(0, version.end(1)));
        return ProvenanceFile.read(files, folder).map(ProvenanceFile::provenance);
    }

    private static List<PublishedPartition> published(TableName table, List<String> keys, List<Partition> partitions) {
        List<PublishedPartition> published = new ArrayList<>();
        for (Partition partition : partitions) {
            String location = partition.getSd().getLocation();
            if (PartitionSwap.isPlaceholder(location)) {
                continue;
            }
            PartitionSpec spec = spec(keys, partition.getValues());
            Matcher version = VERSION_FOLDER.matcher(location);
            if (!version.find()) {
                throw new GranaryException(
                        ErrorCode.DATA,
                        "partition " + spec + " of " + table + " is at " + location
                                + ", in no version folder: it was not published by Granary. Build it again.");
            }
            published.add(new PublishedPartition(spec, location, new RunId(version.group(1))));
        }
        return List.copyOf(published);
    }

    private static PartitionSpec spec(List<String> keys, List<String> values) {
        List<PartitionSpec.Entry> entries = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            entries.add(new PartitionSpec.Entry(keys.get(i), values.get(i)));
        }
        return new PartitionSpec(entries);
    }

    @Override
    public Staging stage(TableName table, RunId run) {
        Table target = target(table);
        Path version = new Path(folder(table), "v=" + run);
        TableName name = new TableName(
                STAGING_DATABASE,
                table.database() + "__" + table.table() + "__"
                        + run.value().toLowerCase(Locale.ROOT).replace('-', '_'));
        Staging staging = new Staging(table, name, version.toString(), run);
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
        catalog.createTable(copy);
        return staging;
    }

    @Override
    public List<PartitionSpec> publish(Staging staging, Set<PartitionSpec> interval, Provenance provenance) {
        Table target = target(staging.target());
        Path version = new Path(staging.location());
        List<String> keys =
                target.getPartitionKeys().stream().map(FieldSchema::getName).toList();
        Map<PartitionSpec, Path> folders = new TreeMap<>(Comparator.comparing(PartitionSpec::toString));
        for (StagedFiles.Found found : StagedFiles.list(files, version, keys)) {
            accept(staging, found, interval);
            folders.put(found.spec(), found.folder());
        }
        for (PartitionSpec spec : interval) {
            folders.computeIfAbsent(spec, missing -> emptyFolder(version, missing, keys));
        }
        if (folders.isEmpty()) {
            discard(staging);
            return List.of();
        }
        List<PartitionSpec> specs = List.copyOf(folders.keySet());
        ProvenanceFile record =
                ProvenanceFile.of(staging, provenance, specs, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        record.write(files, version);
        new PartitionSwap(catalog, files, target).publish(folders, record.parameters());
        dropQuietly(staging.table());
        return specs;
    }

    private static void accept(Staging staging, StagedFiles.Found found, Set<PartitionSpec> interval) {
        if (!interval.isEmpty() && !interval.contains(found.spec())) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "run " + staging.run() + " wrote partition " + found.spec() + " of " + staging.target()
                            + ", outside its interval " + interval + ". Nothing was published.");
        }
        if (interval.isEmpty() && !found.holdsFiles()) {
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
        if (!columns.equals(keys)) {
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
