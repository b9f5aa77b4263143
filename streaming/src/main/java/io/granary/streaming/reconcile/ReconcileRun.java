package io.granary.streaming.reconcile;

import io.granary.streaming.checkpoint.Checkpoint;
import io.granary.streaming.checkpoint.Marks;
import io.granary.streaming.query.StreamQuery;
import io.granary.streaming.query.StreamQuery.CountedModel;
import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.streaming.replay.CounterPast;
import io.granary.streaming.store.Correction;
import io.granary.streaming.store.RedisNodes;
import io.granary.streaming.store.RedisRetry;
import io.granary.streaming.verbs.PipelinedReads;
import io.granary.tablestore.HadoopSettings;
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
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reconciles the counters of a profile. */
record ReconcileRun(
        Profile profile,
        SqlSession sql,
        TableStore store,
        RedisNodes nodes,
        RedisRetry retry,
        KafkaRecords records,
        Clock clock) {
    /** A counter that cannot be compared does not keep the others from being so. */
    private static final Set<ErrorCode> OWN = EnumSet.of(ErrorCode.BUSY, ErrorCode.NOT_FOUND, ErrorCode.DEFINITION);

    /**
     * What is asked for.
     *
     * @param only one counter; null: all
     * @param isTotal whether the window {@code total} is compared too, over all days
     */
    record Wanted(String only, LocalDate ds, boolean isTotal, boolean isCorrecting) {
        Wanted afterwards() {
            return new Wanted(only, ds, isTotal, false);
        }
    }

    /** @param refused why counters were not compared */
    record Outcome(List<Comparison> found, List<String> refused) {}

    /** Compares, and corrects when that is asked for; tells what was found before a correction. */
    Outcome compare(List<StreamQuery> queries, Wanted wanted) {
        Outcome outcome = new Outcome(new ArrayList<>(), new ArrayList<>());
        for (StreamQuery query : queries) {
            for (CountedModel counted : query.models()) {
                for (ZonedCounter counter : counted.counters()) {
                    String name = counter.node().qualifiedName();
                    if (wanted.only() == null || wanted.only().equals(name)) {
                        try {
                            outcome.found().add(new One(query, counted.model(), counter, wanted).compare());
                        } catch (GranaryException e) {
                            if (!OWN.contains(e.code())) {
                                throw e;
                            }
                            outcome.refused().add(name + ": " + e.getMessage());
                        }
                    }
                }
            }
        }
        return outcome;
    }

    /** One counter. */
    private final class One {
        private final StreamQuery query;
        private final ModelNode model;
        private final ZonedCounter counter;
        private final Wanted wanted;
        private final Checkpoint checkpoint;

        One(StreamQuery query, ModelNode model, ZonedCounter counter, Wanted wanted) {
            this.query = query;
            this.model = model;
            this.counter = counter;
            this.wanted = wanted;
            this.checkpoint = new Checkpoint(
                    profile.streaming().checkpoint(profile.fs(), query.name()), HadoopSettings.of(profile));
        }

        Comparison compare() {
            Set<String> built = requireBuilt();
            requireWhole();
            List<String> tables = model.inputs().stream()
                    .filter(input -> !input.equals(query.source().table()))
                    .toList();
            Dimensions dimensions = new Dimensions(sql, tables, table -> store.partitions(TableName.parse(table)));
            CountedLog log = new CountedLog(query.source(), model, dimensions, CounterPast.of(checkpoint, counter));
            Reconciliation reconciliation = new Reconciliation(
                    sql, new PipelinedReads(nodes.commands()), log, marks(), records.of(query, model));
            Comparison day = compare(reconciliation, new CounterDay(counter, wanted.ds(), clock.instant()));
            if (!AllTime.isOf(counter)) {
                return day;
            }
            if (!wanted.isTotal()) {
                return day.noting("window total is compared with --total only, which reads all days");
            }
            return day.and(total(reconciliation, built));
        }

        private Comparison compare(Reconciliation reconciliation, Scope scope) {
            return wanted.isCorrecting()
                    ? new Repair(query.name(), nodes, retry, clock)
                            .run(reconciliation, () -> reconciliation.compare(scope))
                    : reconciliation.compare(scope);
        }

        private Comparison total(Reconciliation reconciliation, Set<String> built) {
            Set<String> days = new TreeSet<>(built);
            sql.query("SELECT DISTINCT ds FROM " + query.source().table())
                    .rows()
                    .forEach(row -> days.add(row.get(0).toString()));
            List<String> unbuilt = days.stream().filter(d -> !built.contains(d)).toList();
            AllTime scope = new AllTime(counter, wanted.ds(), clock.instant(), List.copyOf(days), unbuilt);
            try {
                return compare(reconciliation, scope);
            } catch (GranaryException e) {
                if (e.code() != ErrorCode.BUSY) {
                    throw e;
                }
                return Comparison.nothing(scope).noting("window total was not compared: " + e.getMessage());
            }
        }

        private StreamMarks marks() {
            return new StreamMarks() {
                @Override
                public Marks complete() {
                    long batch = AsOf.of(asOf()).batch();
                    return checkpoint.marks(batch).orElse(Marks.NONE);
                }

                @Override
                public Marks stored() {
                    return checkpoint.marks(checkpoint.newest()).orElse(Marks.NONE);
                }
            };
        }

        private Map<String, String> asOf() {
            return retry.call(() -> nodes.commands().hgetAll(RedisKeys.asOf(query.name())));
        }

        private void requireWhole() {
            Map<String, String> fields = asOf();
            AsOf asOf = AsOf.of(fields);
            if (asOf.state().equals(AsOf.OK) || wanted.isCorrecting() && Correction.isCorrecting(fields)) {
                return;
            }
            String since = asOf.since().map(Object::toString).orElse("an unknown time");
            throw new GranaryException(
                    ErrorCode.BUSY,
                    Correction.isCorrecting(fields)
                            ? "a correction of the counters of " + query.name() + " began at " + since
                                    + " and has not ended. If it is not running any more, run it again with --correct."
                            : "the counters of " + query.name() + " are being rebuilt since " + since
                                    + " and cannot be compared before that has ended (`granary counters` shows it).");
        }

        /** The days that the batch table has. */
        private Set<String> requireBuilt() {
            if (!model.partition().contains("ds")) {
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        model.file() + ": " + model.table() + " is not partitioned by ds, so the counters over it"
                                + " cannot be compared day by day.");
            }
            Set<String> days = new TreeSet<>();
            store.partitions(TableName.parse(model.table())).stream()
                    .flatMap(p -> p.spec().entries().stream())
                    .filter(entry -> entry.column().equals("ds"))
                    .forEach(entry -> days.add(entry.value()));
            if (!days.contains(wanted.ds().toString())) {
                throw new GranaryException(
                        ErrorCode.NOT_FOUND,
                        model.table() + " has no day " + wanted.ds() + " to compare the counters with. Make it with"
                                + " `granary build --select " + model.name() + " --ds " + wanted.ds() + "`.");
            }
            return days;
        }
    }
}
