package io.granary.batch.seal;

import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.RunId;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableSchema;
import io.granary.tablestore.TableStore;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Rows that a seal brings to one table, staged first, then published beside the rows that are there. A partition's new
 * content is its present rows, but those of this seal, and the new ones: so it may be done again.
 */
final class Arrivals {
    private final SealPublisher publisher;
    private final TableSchema schema;
    private final TableStore.Staging staged;
    private final List<PartitionSpec> partitions;
    private boolean settled;

    Arrivals(SealPublisher publisher, TableSchema schema, TableStore.Staging staged, List<PartitionSpec> partitions) {
        this.publisher = publisher;
        this.schema = schema;
        this.staged = staged;
        this.partitions = partitions;
    }

    /** Partitions that were published and the version; no version when nothing was. */
    record Publication(List<PartitionSpec> partitions, RunId version) {
        static final Publication NONE = new Publication(List.of(), null);
    }

    /** Where the rows are. */
    TableName table() {
        return staged.table();
    }

    /**
     * Makes the new rows visible; nothing after {@link #discard}.
     *
     * @param former other partitions in which an earlier try of this seal may have put rows
     */
    Publication publish(Collection<PartitionSpec> former) {
        Set<PartitionSpec> touched = new LinkedHashSet<>(partitions);
        touched.addAll(former);
        if (settled || touched.isEmpty()) {
            discard();
            return Publication.NONE;
        }
        List<PartitionSpec> present = publisher.present(schema.name(), touched);
        if (present.isEmpty()) {
            settled = true;
            return publisher.publish(staged, Set.of());
        }
        Publication published = publisher.replace(
                schema,
                touched,
                TableSql.merged(schema, present, publisher.sealId(), "SELECT * FROM " + staged.table()));
        discard();
        return published;
    }

    /** Takes the staged rows away, unless they were published. */
    void discard() {
        if (!settled) {
            settled = true;
            publisher.discard(staged);
        }
    }
}
