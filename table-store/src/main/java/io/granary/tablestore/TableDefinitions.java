package io.granary.tablestore;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.metastore.api.FieldSchema;
import org.apache.hadoop.hive.metastore.api.Table;

/** What tables and views look like: made, migrated, made anew, and read back from the catalog. */
final class TableDefinitions {
    private static final String ORC = "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat";

    private final HiveCatalog catalog;
    private final FileSystem files;
    private final SqlSession sql;
    private final TableFolders folders;
    private final LockTerms terms;
    private final Clock clock;

    TableDefinitions(
            HiveCatalog catalog, FileSystem files, SqlSession sql, TableFolders folders, LockTerms terms, Clock clock) {
        this.catalog = catalog;
        this.files = files;
        this.sql = sql;
        this.folders = folders;
        this.terms = terms;
        this.clock = clock;
    }

    void ensure(TableSchema schema) {
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
            List<Column> added =
                    migration(catalog.existing(schema.name()), schema).added();
            if (!added.isEmpty()) {
                lock.confirm();
                sql.execute(TableDdl.addColumns(schema.name(), added));
            }
        }
    }

    void widen(TableName name, List<Column> columns) {
        try (PublishLock lock = PublishLock.acquire(catalog, name, "widening columns", terms)) {
            Table table = catalog.existing(name).deepCopy();
            refuseForeign(table, name);
            for (Column column : columns) {
                FieldSchema field = table.getSd().getCols().stream()
                        .filter(f -> f.getName().equalsIgnoreCase(column.name()))
                        .findFirst()
                        .orElseThrow(() -> new GranaryException(
                                ErrorCode.NOT_FOUND, "table " + name + " has no column " + column.name()));
                field.setType(SchemaDifference.canonical(column.type()));
            }
            // Spark's own copy of the columns would contradict the catalog's
            table.getParameters().keySet().removeIf(key -> key.startsWith("spark.sql.sources.schema"));
            lock.confirm();
            catalog.alterTable(name, table);
        }
    }

    Migration migration(TableSchema schema) {
        return catalog.table(schema.name())
                .map(existing -> migration(existing, schema))
                .orElseGet(() -> new Migration(schema.name(), true, List.of(), List.of()));
    }

    private Migration migration(Table existing, TableSchema wanted) {
        if (HiveCatalog.isView(existing)) {
            return new Migration(
                    wanted.name(), false, List.of(), List.of("it is a view, the definition makes a table"));
        }
        refuseForeign(existing, wanted.name());
        TableSchema found = schemaOf(existing);
        List<Column> added = SchemaDifference.added(found, wanted);
        List<String> refused = added.isEmpty() ? SchemaDifference.between(found, wanted) : List.of();
        return new Migration(wanted.name(), false, added, refused);
    }

    void recreate(TableSchema schema) {
        Optional<Table> existing = catalog.table(schema.name());
        if (existing.isEmpty()) {
            create(schema);
            return;
        }
        if (!HiveCatalog.isView(existing.get())) {
            refuseForeign(existing.get(), schema.name());
        }
        try (PublishLock lock = PublishLock.acquire(catalog, schema.name(), "making the table anew", terms)) {
            lock.confirm();
            catalog.dropTable(schema.name());
            create(schema);
        }
    }

    RunId replaceView(TableName view, String query, Provenance provenance) {
        RunId run = RunId.next(clock);
        replaceView(view, query, provenance, run);
        return run;
    }

    void replaceView(TableName view, String query, Provenance provenance, RunId run) {
        catalog.table(view).filter(existing -> !HiveCatalog.isView(existing)).ifPresent(existing -> {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    view + " is a table, the definition makes a view. Drop the table (its files stay), or choose"
                            + " another name.");
        });
        ensureDatabase(view.database());
        Map<String, String> properties =
                ProvenanceFile.parameters(run.value(), provenance.producer(), provenance.sqlHash(), clock.instant());
        try (PublishLock lock = PublishLock.acquire(catalog, view, "run " + run, terms)) {
            lock.confirm();
            sql.execute(TableDdl.replaceView(view, "", properties, query));
        }
    }

    private void ensureDatabase(String database) {
        catalog.ensureDatabase(database, folders.ofDatabase(database), "Tables published by Granary", files);
    }

    private void create(TableSchema schema) {
        ensureDatabase(schema.name().database());
        Path folder = folders.of(schema.name());
        if (schema.partitionColumns().isEmpty()) {
            // a reader would look into the version folders and take v= for a column
            folder = PartitionSwap.emptyFolder(files, folder);
        }
        sql.execute(TableDdl.createTable(schema, folder.toString()));
    }

    private void refuseForeign(Table table, TableName name) {
        boolean orc = ORC.equals(table.getSd().getInputFormat());
        if (!TableVersions.isOurs(table, folders.of(name))) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "table " + name + " exists, but was not made by Granary: it is " + table.getTableType() + ", "
                            + (orc ? "ORC" : table.getSd().getInputFormat()) + ", at "
                            + table.getSd().getLocation() + "; expected EXTERNAL_TABLE, ORC, at " + folders.of(name)
                            + ". Rename it, or choose another name.");
        }
    }

    Optional<TableSchema> schema(TableName table) {
        return catalog.table(table).map(TableDefinitions::schemaOf);
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
}
