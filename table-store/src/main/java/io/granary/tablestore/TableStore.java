package io.granary.tablestore;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Versioned tables: a result is written beside what readers see and becomes visible by one call, or not at all. The
 * catalog and what it points to are the only state.
 */
public interface TableStore extends AutoCloseable {
    /**
     * Creates the database and the table when they are missing, and adds columns that were added at the end of the
     * definition. A table without partition columns is published whole.
     *
     * @throws io.granary.warehouse.error.GranaryException when the table exists with other columns
     */
    void ensure(TableSchema schema);

    /** What {@link #ensure} would do, or refuse; changes nothing. */
    Migration migration(TableSchema schema);

    /**
     * Gives columns wider types: {@code int} becomes {@code bigint}. Rows written before keep their values; readers see
     * them in the new type.
     *
     * @param columns those that change, with their new types
     * @throws io.granary.warehouse.error.GranaryException when the table has no such column, or the type is not wider
     */
    void widen(TableName table, List<Column> columns);

    /**
     * Keeps others away while something is done that takes several steps, under a name that need not be a table's. Who
     * comes second is refused. A holder that dies loses it.
     *
     * @param purpose shown to those who are refused
     * @throws io.granary.warehouse.error.GranaryException that says who holds it
     */
    Hold holdAlone(TableName name, String purpose);

    /**
     * Makes the table anew as the definition says, without rows: readers see it empty until its partitions are built
     * again. The files of its versions stay until they are collected. Replaces a view, never a table of others.
     */
    void recreate(TableSchema schema);

    /**
     * Creates a view or puts another query in its place; readers see the one or the other.
     *
     * @return the version, which the view carries as {@code granary.run_id}
     */
    RunId replaceView(TableName view, String query, Provenance provenance);

    Optional<TableSchema> schema(TableName table);

    /**
     * What readers see now: all partitions and where their data is. Empty when the table does not exist. A table without
     * partition columns is one partition, {@code PartitionSpec.of()}.
     */
    List<PublishedPartition> partitions(TableName table);

    /** Those of the named partitions that readers see; only these are asked for. Empty when the table does not exist. */
    List<PublishedPartition> partitions(TableName table, Collection<PartitionSpec> specs);

    /** How the version that a partition shows was made; none when the version folder does not say. */
    Optional<Provenance> provenance(PublishedPartition partition);

    /** Makes an empty staging table with every property of {@code table}, located at the version folder of {@code run}. */
    Staging stage(TableName table, RunId run);

    /**
     * As {@link #stage(TableName, RunId)}, for a run that knows which partitions it will write: it looks at those only.
     *
     * @param interval empty: not known
     */
    default Staging stage(TableName table, RunId run, Set<PartitionSpec> interval) {
        return stage(table, run);
    }

    /**
     * Makes the staged partitions visible, all together, in place of those of the same name, and drops the staging table.
     *
     * @param interval the partitions this run may touch; one that was not written is published empty, one outside is
     *     refused. Empty: whatever was written.
     * @return the partitions published
     * @throws io.granary.warehouse.error.GranaryException saying whether anything was published; nothing is when a
     *     partition is no longer where it was when the run began, or when another publisher holds the table
     */
    List<PartitionSpec> publish(Staging staging, Set<PartitionSpec> interval, Provenance provenance);

    /** Drops a staging table and its files: for a run that failed. */
    void discard(Staging staging);

    @Override
    void close();

    /** Something that is ours alone until it is closed. */
    interface Hold extends AutoCloseable {
        /** @throws io.granary.warehouse.error.GranaryException when it was taken away, since this process was silent */
        void confirm();

        @Override
        void close();
    }

    /**
     * A partition readers see. {@code location} is a full URI, of a view {@code view:database.table}; {@code run} the
     * version it belongs to.
     */
    record PublishedPartition(PartitionSpec spec, String location, RunId run) {}

    /**
     * Where a run writes: {@code INSERT OVERWRITE TABLE <table> PARTITION (…)}, or ORC files under {@code location/ds=…}.
     *
     * @param seen where readers found the partitions when the run began: they must be there still when it publishes.
     *     Null: whatever is there then is replaced
     */
    record Staging(TableName target, TableName table, String location, RunId run, Map<PartitionSpec, String> seen) {
        public Staging {
            seen = seen == null ? null : Map.copyOf(seen);
        }

        public Staging(TableName target, TableName table, String location, RunId run) {
            this(target, table, location, run, null);
        }

        /** The same, for a run that read the target's partitions before it was staged. */
        public Staging withSeen(Map<PartitionSpec, String> before) {
            return new Staging(target, table, location, run, before);
        }
    }
}
