package io.granary.batch.run;

import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableStore;
import io.granary.tablestore.TableStore.PublishedPartition;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What is published and how it was made: now, or as it would be after something was done. */
public interface VersionSource {
    /** All partitions of a table; none when there is no such table. */
    List<PublishedPartition> partitions(TableName table);

    /** Those of the named ones that are published. */
    List<PublishedPartition> partitions(TableName table, Collection<PartitionSpec> specs);

    /** None when the version does not say. */
    Optional<Provenance> provenance(PublishedPartition partition);

    /** What a store has now. */
    static VersionSource of(TableStore store) {
        return new VersionSource() {
            @Override
            public List<PublishedPartition> partitions(TableName table) {
                return store.partitions(table);
            }

            @Override
            public List<PublishedPartition> partitions(TableName table, Collection<PartitionSpec> specs) {
                return store.partitions(table, specs);
            }

            @Override
            public Optional<Provenance> provenance(PublishedPartition partition) {
                return store.provenance(partition);
            }
        };
    }
}
