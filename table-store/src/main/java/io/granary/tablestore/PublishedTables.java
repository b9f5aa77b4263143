package io.granary.tablestore;

import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.metastore.api.FieldSchema;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.hadoop.hive.metastore.api.Table;

/** What readers see now: the versions that partitions and views show, and how they were made. */
final class PublishedTables {
    /** A view has no files; what is in front of its name where a table has its location. */
    private static final String VIEW_LOCATION = "view:";

    private final HiveCatalog catalog;
    private final FileSystem files;

    PublishedTables(HiveCatalog catalog, FileSystem files) {
        this.catalog = catalog;
        this.files = files;
    }

    List<PublishedPartition> partitions(TableName table) {
        Optional<Table> found = catalog.table(table);
        if (found.isEmpty()) {
            return List.of();
        }
        if (HiveCatalog.isView(found.get())) {
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

    List<PublishedPartition> partitions(TableName table, Collection<PartitionSpec> specs) {
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

    Optional<Provenance> provenance(PublishedPartition partition) {
        String location = partition.location();
        if (location.startsWith(VIEW_LOCATION)) {
            return catalog.table(TableName.parse(location.substring(VIEW_LOCATION.length())))
                    .filter(view -> view.getParameters().containsKey("granary.producer"))
                    .map(PublishedTables::ofView);
        }
        String version = "/v=" + partition.run();
        int end = location.indexOf(version);
        return end < 0
                ? Optional.empty()
                : ProvenanceFile.read(files, new Path(location.substring(0, end + version.length())))
                        .map(ProvenanceFile::provenance);
    }

    private static Provenance ofView(Table view) {
        Map<String, String> parameters = view.getParameters();
        return new Provenance(parameters.get("granary.producer"), parameters.get("granary.sql_hash"), List.of())
                .withSql(view.getViewOriginalText());
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
}
