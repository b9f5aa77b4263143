package io.granary.tablestore;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.metastore.api.Table;

/** Moves a table without partition columns, by one {@code alter_table}. */
final class TableSwap implements LocationSwap {
    /** Such a table's only partition. */
    static final PartitionSpec WHOLE = PartitionSpec.of();

    private final HiveCatalog catalog;
    private final TableName name;
    private Table table;

    TableSwap(HiveCatalog catalog, Table table) {
        this.catalog = catalog;
        this.table = table;
        this.name = new TableName(table.getDbName(), table.getTableName());
    }

    @Override
    public Map<PartitionSpec, String> current(Set<PartitionSpec> specs) {
        table = catalog.table(name)
                .orElseThrow(() -> new GranaryException(
                        ErrorCode.NOT_FOUND, "table " + name + " vanished. Nothing was published."));
        String location = table.getSd().getLocation();
        return VersionFolder.isIn(location) ? Map.of(WHOLE, location) : Map.of();
    }

    @Override
    public void move(
            Map<PartitionSpec, Path> folders,
            Function<PartitionSpec, Map<String, String>> provenance,
            Runnable beforeCommit) {
        Path folder = folders.get(WHOLE);
        Table moved = table.deepCopy();
        moved.getSd().setLocation(folder.toString());
        PartitionSwap.removeStatistics(moved.getParameters());
        ProvenanceFile.replaceParameters(moved.getParameters(), provenance.apply(WHOLE));
        beforeCommit.run();
        try {
            catalog.alterTable(name, moved);
        } catch (GranaryException e) {
            LostAnswer.settle(catalog, name.toString(), 1, () -> isAt(folder) ? 1 : 0, e);
        }
    }

    private boolean isAt(Path folder) {
        return catalog.table(name)
                .filter(t -> new Path(t.getSd().getLocation()).equals(folder))
                .isPresent();
    }
}
