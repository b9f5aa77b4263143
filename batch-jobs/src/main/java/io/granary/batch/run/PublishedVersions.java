package io.granary.batch.run;

import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableStore;
import io.granary.tablestore.TableStore.PublishedPartition;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What readers see, asked once for each partition; a partition is asked for by name, with all others of its table. */
final class PublishedVersions {
    private final VersionSource store;
    private final Map<String, Map<PartitionSpec, PublishedPartition>> found = new HashMap<>();
    private final Map<String, Set<PartitionSpec>> asked = new HashMap<>();
    private final Set<String> whole = new HashSet<>();
    private final Map<String, Optional<Provenance>> provenance = new HashMap<>();

    PublishedVersions(TableStore store) {
        this(VersionSource.of(store));
    }

    PublishedVersions(VersionSource source) {
        this.store = source;
    }

    /** Those of the given partitions that exist. */
    Map<PartitionSpec, PublishedPartition> of(String table, Collection<PartitionSpec> specs) {
        Set<PartitionSpec> known = asked.computeIfAbsent(table, t -> new HashSet<>());
        if (!whole.contains(table) && !known.containsAll(specs)) {
            Set<PartitionSpec> missing = new HashSet<>(specs);
            missing.removeAll(known);
            keep(table, store.partitions(TableName.parse(table), missing));
            known.addAll(missing);
        }
        Map<PartitionSpec, PublishedPartition> there = found.getOrDefault(table, Map.of());
        Map<PartitionSpec, PublishedPartition> chosen = new LinkedHashMap<>();
        for (PartitionSpec spec : specs) {
            PublishedPartition partition = there.get(spec);
            if (partition != null) {
                chosen.put(spec, partition);
            }
        }
        return chosen;
    }

    /** All partitions of a table. */
    Map<PartitionSpec, PublishedPartition> all(String table) {
        if (whole.add(table)) {
            keep(table, store.partitions(TableName.parse(table)));
        }
        return Map.copyOf(found.getOrDefault(table, Map.of()));
    }

    private void keep(String table, Collection<PublishedPartition> partitions) {
        Map<PartitionSpec, PublishedPartition> known = found.computeIfAbsent(table, t -> new LinkedHashMap<>());
        partitions.forEach(p -> known.put(p.spec(), p));
    }

    /** How a partition's version was made. */
    Optional<Provenance> provenance(String table, PublishedPartition partition) {
        return provenance.computeIfAbsent(table + " " + partition.run(), version -> store.provenance(partition));
    }
}
