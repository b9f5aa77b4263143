package io.granary.tablestore;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Versioned tables: a result is written beside what readers see and becomes visible by one call, or not at all. The
 * catalog and what it points to are the only state.
 */
public interface TableStore extends AutoCloseable {
    /**
     * Creates the database and the table when they are missing.
     *
     * @throws io.granary.warehouse.error.GranaryException when the table exists with other columns
     */
    void ensure(TableSchema schema);

    Optional<TableSchema> schema(TableName table);

    /** What readers see now: all partitions and where their data is. Empty when the table does not exist. */
    List<PublishedPartition> partitions(TableName table);

    /** Those of the named partitions that readers see; only these are asked for. Empty when the table does not exist. */
    List<PublishedPartition> partitions(TableName table, Collection<PartitionSpec> specs);

    /** How the version that a partition shows was made; none when the version folder does not say. */
    Optional<Provenance> provenance(PublishedPartition partition);

    /** Makes an empty staging table with every property of {@code table}, located at the version folder of {@code run}. */
    Staging stage(TableName table, RunId run);

    /**
     * Makes the staged partitions visible, all together, in place of those of the same name, and drops the staging table.
     *
     * @param interval the partitions this run may touch; one that was not written is published empty, one outside is
     *     refused. Empty: whatever was written.
     * @return the partitions published
     */
    List<PartitionSpec> publish(Staging staging, Set<PartitionSpec> interval, Provenance provenance);

    /** Drops a staging table and its files: for a run that failed. */
    void discard(Staging staging);

    @Override
    void close();

    /** A partition readers see. {@code location} is a full URI; {@code run} the version it belongs to. */
    record PublishedPartition(PartitionSpec spec, String location, RunId run) {}

    /** Where a run writes: {@code INSERT OVERWRITE TABLE <table> PARTITION (…)}, or ORC files under {@code location/ds=…}. */
    record Staging(TableName target, TableName table, String location, RunId run) {}
}
