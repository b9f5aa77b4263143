package io.granary.batch.seal;

import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.RunId;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableSchema;
import io.granary.tablestore.TableStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Rows that a seal brings to one table, staged first, then published beside the rows that are there. A partition's new
 * content is its present rows, but those of this seal, and the new ones: so it may be done again.
 */
final class Arrivals {
    private final TableStore store;
    private final SqlSession sql;
    private final Clock clock;
    private final TableSchema schema;
    private final String sealId;
    private final TableStore.Staging staged;
    private final List<PartitionSpec> published;
    private final List<PartitionSpec> candidates;
    private List<String> known = List.of();
    private boolean settled;

    private Arrivals(
            TableStore store,
            SqlSession sql,
            Clock clock,
            TableSchema schema,
            String sealId,
            TableStore.Staging staged,
            List<PartitionSpec> published,
            List<PartitionSpec> candidates) {
        this.store = store;
        this.sql = sql;
        this.clock = clock;
        this.schema = schema;
        this.sealId = sealId;
        this.staged = staged;
        this.published = published;
        this.candidates = candidates;
    }

    /** Stages the rows of a query, whose last columns are the table's partition columns. Each staging has a run of its own. */
    static Arrivals stage(
            TableStore store, SqlSession sql, Clock clock, TableSchema schema, String sealId, String select) {
        TableStore.Staging staged = store.stage(schema.name(), RunId.next(clock));
        sql.execute(SealSql.insert(schema, staged.table(), select));
        List<PartitionSpec> published = store.partitions(schema.name()).stream()
                .map(TableStore.PublishedPartition::spec)
                .toList();
        List<PartitionSpec> candidates = sql.query("SHOW PARTITIONS " + staged.table()).rows().stream()
                .map(row -> PartitionSpec.parse(String.valueOf(row.get(0))))
                .toList();
        return new Arrivals(store, sql, clock, schema, sealId, staged, published, candidates);
    }

    /** Rows with one of these identities are duplicates: queries of {@link SealSql#identities}. */
    void without(List<String> identities) {
        known = List.copyOf(identities);
    }

    TableName table() {
        return schema.name();
    }

    /** The partitions readers see which the staged rows, duplicates included, belong to. */
    List<PartitionSpec> presentCandidates() {
        return present(candidates);
    }

    /** All partitions readers see. */
    List<PartitionSpec> published() {
        return published;
    }

    /** Staged rows with {@code is_duplicate}. */
    String classified() {
        return SealSql.classified(staged.table(), known);
    }

    /** Makes the new rows visible. */
    Publication publish(Provenance provenance) {
        List<PartitionSpec> fresh = known.isEmpty() ? candidates : partitionsWithNewRows();
        settled = true;
        if (fresh.isEmpty()) {
            store.discard(staged);
            return new Publication(List.of(), null);
        }
        List<PartitionSpec> present = present(fresh);
        if (present.isEmpty() && known.isEmpty()) {
            return new Publication(store.publish(staged, Set.of(), provenance), staged.run());
        }
        TableStore.Staging merged = store.stage(schema.name(), RunId.next(clock));
        sql.execute(SealSql.insert(schema, merged.table(), SealSql.merged(schema, present, sealId, classified())));
        List<PartitionSpec> touched = store.publish(merged, Set.copyOf(fresh), provenance);
        store.discard(staged);
        return new Publication(touched, merged.run());
    }

    /** Takes the staged rows away, unless they were published. */
    void discard() {
        if (!settled) {
            settled = true;
            store.discard(staged);
        }
    }

    /** Partitions that were published and the version; no version when nothing was. */
    record Publication(List<PartitionSpec> partitions, RunId version) {}

    private List<PartitionSpec> present(List<PartitionSpec> of) {
        Set<PartitionSpec> visible = new HashSet<>(published);
        return of.stream().filter(visible::contains).toList();
    }

    private List<PartitionSpec> partitionsWithNewRows() {
        return sql.query(SealSql.partitionsWithNewRows(schema, classified())).rows().stream()
                .map(this::partition)
                .toList();
    }

    private PartitionSpec partition(List<Object> values) {
        List<PartitionSpec.Entry> entries = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            entries.add(
                    new PartitionSpec.Entry(schema.partitionColumns().get(i).name(), String.valueOf(values.get(i))));
        }
        return new PartitionSpec(entries);
    }
}
