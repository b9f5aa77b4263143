package io.granary.batch.seal;

import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableStore;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.text.SqlLiteral;
import java.util.ArrayList;
import java.util.List;

/** What a seal that died has published. Looks at all partitions of the source: only for that case. */
record FormerRows(SourceNode source, TableStore store, SqlSession sql, String sealId) {

    List<PartitionSpec> ods() {
        return partitions(TableName.parse(source.table()), "ds", "hh", "TRUE");
    }

    List<PartitionSpec> quarantine() {
        return partitions(SealTables.QUARANTINE, "source", "dt", "source = " + SqlLiteral.of(source.qualifiedName()));
    }

    private List<PartitionSpec> partitions(TableName table, String first, String second, String where) {
        if (store.schema(table).isEmpty()) {
            return List.of();
        }
        List<PartitionSpec> partitions = new ArrayList<>();
        sql.query("SELECT DISTINCT " + first + ", " + second + " FROM " + table + " WHERE " + where + " AND seal_id = "
                        + SqlLiteral.of(sealId) + " ORDER BY 1, 2")
                .rows()
                .forEach(r -> partitions.add(
                        PartitionSpec.of(first, String.valueOf(r.get(0)), second, String.valueOf(r.get(1)))));
        return partitions;
    }

    /** What a seal did that died when all was published. */
    SealOutcome outcome(SealRecord record) {
        List<Object> sums = sql.query(
                        "SELECT COALESCE(SUM(read_lines), 0), COALESCE(SUM(loaded), 0), COALESCE(SUM(duplicate), 0),"
                                + " COALESCE(SUM(quarantined), 0), COALESCE(SUM(lost), 0), COALESCE(SUM(missing), 0),"
                                + " COALESCE(SUM(skipped), 0) FROM " + SealTables.ACCOUNT + " WHERE source = "
                                + SqlLiteral.of(source.qualifiedName()) + " AND seal_id = "
                                + SqlLiteral.of(sealId))
                .rows()
                .get(0);
        Tally counts = new Tally(
                Island.number(sums, 0),
                Island.number(sums, 1),
                Island.number(sums, 2),
                Island.number(sums, 3),
                Island.number(sums, 4),
                Island.number(sums, 5),
                Island.number(sums, 6));
        List<String> partitions = ods().stream().map(PartitionSpec::toString).toList();
        String version = store.partitions(TableName.parse(source.table()), ods()).stream()
                .map(p -> p.run().value())
                .max(String::compareTo)
                .orElse(null);
        return new SealOutcome(record.files().size(), counts, List.of(), partitions, version);
    }
}
