package io.granary.batch.seal;

import io.granary.batch.seal.Arrivals.Publication;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.RunId;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableSchema;
import io.granary.tablestore.TableStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** How one seal changes tables: what it writes is staged first, and each staging has a run of its own. */
record SealPublisher(TableStore store, SqlSession sql, Clock clock, String sealId, Provenance provenance) {
    /** Stages the rows of a query, whose last columns are the table's partition columns. */
    Arrivals stage(TableSchema schema, String select) {
        store.ensure(schema);
        TableStore.Staging staged = store.stage(schema.name(), RunId.next(clock));
        fill(schema, staged, select);
        List<PartitionSpec> partitions = new ArrayList<>();
        sql.query("SHOW PARTITIONS " + staged.table())
                .rows()
                .forEach(row -> partitions.add(PartitionSpec.parse(String.valueOf(row.get(0)))));
        return new Arrivals(this, schema, staged, partitions);
    }

    /** Puts the rows of a query in place of those of some partitions. */
    Publication replace(TableSchema schema, Set<PartitionSpec> partitions, String select) {
        TableStore.Staging staged = store.stage(schema.name(), RunId.next(clock), partitions);
        fill(schema, staged, select);
        return publish(staged, partitions);
    }

    /** Puts rows beside those that are there, in place of those that an earlier try of this seal has put there. */
    Publication add(TableSchema schema, Set<PartitionSpec> partitions, List<List<Object>> rows) {
        List<PartitionSpec> present = present(schema.name(), partitions);
        return replace(schema, partitions, TableSql.merged(schema, present, sealId, TableSql.rows(schema, rows)));
    }

    /** Those of the partitions that readers see. */
    List<PartitionSpec> present(TableName table, Collection<PartitionSpec> of) {
        return store.partitions(table, of).stream()
                .map(TableStore.PublishedPartition::spec)
                .toList();
    }

    Publication publish(TableStore.Staging staged, Set<PartitionSpec> interval) {
        return new Publication(store.publish(staged, interval, provenance), staged.run());
    }

    void discard(TableStore.Staging staged) {
        store.discard(staged);
    }

    private void fill(TableSchema schema, TableStore.Staging staged, String select) {
        try {
            sql.execute(TableSql.insert(schema, staged.table(), select));
        } catch (RuntimeException e) {
            try {
                store.discard(staged);
            } catch (RuntimeException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }
}
