package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.Fixture;
import io.granary.ingestion.sync.Stores;
import io.granary.tablestore.Column;
import io.granary.tablestore.Migration;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.RunId;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableSchema;
import io.granary.tablestore.TableStore;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;

/** A table store whose catalog is a map and whose files are in a folder: the same seam as Hive's, without a cluster. */
public final class FolderTables implements TableStore, Stores {
    private final Path root;
    private final Map<TableName, TableSchema> schemas = new LinkedHashMap<>();
    private final Map<TableName, Map<PartitionSpec, PublishedPartition>> published = new LinkedHashMap<>();

    private final Map<RunId, Provenance> provenances = new LinkedHashMap<>();
    private final Map<TableName, String> held = new ConcurrentHashMap<>();

    public FolderTables(Path root) {
        this.root = root;
    }

    @Override
    public Configuration hadoop() {
        return Fixture.HADOOP;
    }

    @Override
    public <T> T tables(Function<TableStore, T> work) {
        return work.apply(this);
    }

    @Override
    public void ensure(TableSchema schema) {
        TableSchema known = schemas.getOrDefault(schema.name(), schema);
        int before = known.columns().size();
        if (schema.columns().size() < before
                || !schema.columns().subList(0, before).equals(known.columns())) {
            throw new GranaryException(ErrorCode.DEFINITION, schema.name() + " exists with other columns");
        }
        schemas.put(schema.name(), schema);
    }

    @Override
    public void widen(TableName table, List<Column> columns) {
        TableSchema known = schemas.get(table);
        List<Column> wider = known.columns().stream()
                .map(c -> columns.stream()
                        .filter(w -> w.name().equals(c.name()))
                        .findFirst()
                        .orElse(c))
                .toList();
        schemas.put(table, new TableSchema(table, wider, known.partitionColumns(), known.comment()));
    }

    @Override
    public Hold holdAlone(TableName name, String purpose) {
        String holder = held.putIfAbsent(name, purpose);
        if (holder != null) {
            throw new GranaryException(ErrorCode.BUSY, name + " is held by " + holder);
        }
        return new Hold() {
            @Override
            public void confirm() {}

            @Override
            public void close() {
                held.remove(name);
            }
        };
    }

    @Override
    public Optional<Provenance> provenance(PublishedPartition partition) {
        return Optional.ofNullable(provenances.get(partition.run()));
    }

    @Override
    public List<PublishedPartition> partitions(TableName table, Collection<PartitionSpec> specs) {
        return partitions(table).stream().filter(p -> specs.contains(p.spec())).toList();
    }

    @Override
    public Migration migration(TableSchema schema) {
        return new Migration(schema.name(), !schemas.containsKey(schema.name()), List.of(), List.of());
    }

    @Override
    public void recreate(TableSchema schema) {
        schemas.put(schema.name(), schema);
        published.remove(schema.name());
    }

    @Override
    public RunId replaceView(TableName view, String query, Provenance provenance) {
        throw new UnsupportedOperationException("folders have no views");
    }

    @Override
    public Optional<TableSchema> schema(TableName table) {
        return Optional.ofNullable(schemas.get(table));
    }

    @Override
    public List<PublishedPartition> partitions(TableName table) {
        return List.copyOf(published.getOrDefault(table, Map.of()).values());
    }

    @Override
    public Staging stage(TableName table, RunId run) {
        Path folder = root.resolve(table.database()).resolve(table.table()).resolve("v=" + run);
        return new Staging(table, table, folder.toUri().toString(), run);
    }

    @Override
    public List<PartitionSpec> publish(Staging staging, Set<PartitionSpec> interval, Provenance provenance) {
        provenances.put(staging.run(), provenance);
        for (PartitionSpec spec : interval) {
            String location = staging.location() + "/" + spec;
            published
                    .computeIfAbsent(staging.target(), t -> new LinkedHashMap<>())
                    .put(spec, new PublishedPartition(spec, location, staging.run()));
        }
        return new ArrayList<>(interval);
    }

    @Override
    public void discard(Staging staging) {
        FileUtil.fullyDelete(Path.of(java.net.URI.create(staging.location())).toFile());
    }

    @Override
    public void close() {}

    /** Versions of a table that are on disk. */
    public int versions(String table) throws IOException {
        Path folder = root.resolve(table.replace('.', '/'));
        if (!Files.exists(folder)) {
            return 0;
        }
        try (var entries = Files.list(folder)) {
            return (int) entries.count();
        }
    }
}
