package io.granary.streaming.reconcile;

import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.checkpoint.Marks;
import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.query.StreamQuery.CountedModel;
import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.streaming.store.RedisNodes;
import io.granary.streaming.store.RedisRetry;
import io.granary.streaming.verbs.PipelinedReads;
import io.granary.tablestore.HadoopSettings;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableStore;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.redis.AsOf;
import io.granary.warehouse.redis.RedisKeys;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Reconciles the counters of a profile. */
record ReconcileRun(
        Profile profile, SqlSession sql, TableStore store, RedisNodes nodes, RedisRetry retry, Clock clock) {

    /**
     * Compares, and corrects when that is asked for.
     *
     * @param only one counter; null: all
     * @return what was found before a correction
     */
    List<Comparison> compare(List<StreamQuery> queries, String only, LocalDate ds, boolean isCorrecting) {
        List<Comparison> found = new ArrayList<>();
        for (StreamQuery query : queries) {
            for (CountedModel counted : query.models()) {
                for (ZonedCounter counter : counted.counters()) {
                    if (only == null || only.equals(counter.node().qualifiedName())) {
                        requireBuilt(counted.model(), ds);
                        found.add(compare(query, counted.model(), counter, ds, isCorrecting));
                    }
                }
            }
        }
        return found;
    }

    private Comparison compare(
            StreamQuery query, ModelNode model, ZonedCounter counter, LocalDate ds, boolean isCorrecting) {
        Checkpoint checkpoint =
                new Checkpoint(profile.streaming().checkpoint(profile.fs(), query.name()), HadoopSettings.of(profile));
        Reconciliation reconciliation = new Reconciliation(
                sql, new PipelinedReads(nodes.commands()), query.source(), model, marks(query, checkpoint));
        CounterDay day = new CounterDay(counter, ds, clock.instant());
        return isCorrecting
                ? new Repair(query.name(), nodes, retry, clock).run(reconciliation, () -> reconciliation.compare(day))
                : reconciliation.compare(day);
    }

    private StreamMarks marks(StreamQuery query, Checkpoint checkpoint) {
        return new StreamMarks() {
            @Override
            public Marks complete() {
                return checkpoint.marks(completed(query)).orElse(Marks.NONE);
            }

            @Override
            public Marks stored() {
                return checkpoint.marks(checkpoint.newest()).orElse(Marks.NONE);
            }
        };
    }

    /** The newest batch that Redis has whole. */
    private long completed(StreamQuery query) {
        AsOf asOf = retry.call(() -> AsOf.of(nodes.commands().hgetAll(RedisKeys.asOf(query.name()))));
        if (asOf.state().equals(AsOf.REBUILDING)) {
            throw new GranaryException(
                    ErrorCode.BUSY,
                    "the counters of " + query.name() + " are being rebuilt since "
                            + asOf.since().map(Object::toString).orElse("an unknown time")
                            + " and cannot be compared before that has ended (`granary counters` shows it).");
        }
        return asOf.batch();
    }

    private void requireBuilt(ModelNode model, LocalDate ds) {
        if (!model.partition().contains("ds")) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    model.file() + ": " + model.table() + " is not partitioned by ds, so the counters over it cannot be"
                            + " compared day by day.");
        }
        boolean isBuilt = store.partitions(TableName.parse(model.table())).stream()
                .map(TableStore.PublishedPartition::spec)
                .flatMap(spec -> spec.entries().stream())
                .anyMatch(new PartitionSpec.Entry("ds", ds.toString())::equals);
        if (!isBuilt) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    model.table() + " has no day " + ds + " to compare the counters with. Make it with `granary build"
                            + " --select " + model.name() + " --ds " + ds + "`.");
        }
    }
}
