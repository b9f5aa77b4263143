package io.granary.batch.env;

import io.granary.batch.run.VersionSource;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableStore;
import io.granary.tablestore.TableStore.PublishedPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What production would have if partitions of an environment stood in the place of its own: so it is known before
 * anything is moved what a plan would say afterwards.
 */
final class PromotedVersions implements VersionSource {
    private final TableStore store;
    private final EnvironmentName environment;
    private final Map<TableName, Map<PartitionSpec, PublishedPartition>> taken = new HashMap<>();
    private final Set<TableName> anew = new HashSet<>();

    PromotedVersions(TableStore store, EnvironmentName environment) {
        this.store = store;
        this.environment = environment;
    }

    /** @param isAnew nothing that production has of the table now will stay */
    void take(TableName table, Collection<PublishedPartition> partitions, boolean isAnew) {
        Map<PartitionSpec, PublishedPartition> bySpec = new LinkedHashMap<>();
        partitions.forEach(partition -> bySpec.put(partition.spec(), partition));
        taken.put(table, bySpec);
        if (isAnew) {
            anew.add(table);
        }
    }

    @Override
    public List<PublishedPartition> partitions(TableName table) {
        return with(table, anew.contains(table) ? List.of() : store.partitions(table), null);
    }

    @Override
    public List<PublishedPartition> partitions(TableName table, Collection<PartitionSpec> specs) {
        return with(table, anew.contains(table) ? List.of() : store.partitions(table, specs), specs);
    }

    private List<PublishedPartition> with(
            TableName table, List<PublishedPartition> there, Collection<PartitionSpec> asked) {
        Map<PartitionSpec, PublishedPartition> all = new LinkedHashMap<>();
        there.forEach(partition -> all.put(partition.spec(), partition));
        taken.getOrDefault(table, Map.of()).forEach((spec, partition) -> {
            if (asked == null || asked.contains(spec)) {
                all.put(spec, partition);
            }
        });
        return new ArrayList<>(all.values());
    }

    @Override
    public Optional<Provenance> provenance(PublishedPartition partition) {
        return store.provenance(partition).map(made -> inProduction(made, environment));
    }

    /** The same with the names of production's tables; one that reads none of the environment's stays as it is. */
    static Provenance inProduction(Provenance made, EnvironmentName environment) {
        List<Provenance.Input> inputs = made.inputs().stream()
                .map(input -> new Provenance.Input(
                        environment.production(input.table()), input.versions(), input.partitions()))
                .toList();
        return new Provenance(made.producer(), made.sqlHash(), inputs, made.sql(), made.rows(), made.details());
    }
}
