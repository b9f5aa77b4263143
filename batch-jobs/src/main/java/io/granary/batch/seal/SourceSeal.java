package io.granary.batch.seal;

import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.RunId;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableSchema;
import io.granary.tablestore.TableStore;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.text.Digests;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the landed records of one source into ODS rows (docs/contracts.md, section 8). */
final class SourceSeal {
    private static final Logger LOG = LoggerFactory.getLogger(SourceSeal.class);

    private final SourceNode source;
    private final Landing landing;
    private final TableStore store;
    private final SqlSession sql;
    private final Clock clock;
    private final Expected expected;
    private final Consumer<Step> steps;

    /** After each of these the process may die, and the next seal ends what this one began. */
    enum Step {
        COPIED,
        PLANNED,
        STAGED,
        COUNTED,
        QUARANTINE,
        ODS,
        ACCOUNT,
        SEALED,
        DONE
    }

    /** @param steps told after each step */
    SourceSeal(
            SourceNode source,
            Landing landing,
            TableStore store,
            SqlSession sql,
            Clock clock,
            Expected expected,
            Consumer<Step> steps) {
        this.source = source;
        this.landing = landing;
        this.store = store;
        this.sql = sql;
        this.clock = clock;
        this.expected = expected;
        this.steps = steps;
    }

    /** What a seal left behind: what it did, and what is known now. */
    record Pass(SealOutcome outcome, CollectionState state) {}

    /**
     * Finishes seals that did not, then seals what is new and closes the hours that can be closed.
     *
     * @param heard what agents have reported, beside what earlier seals knew; null: nothing
     */
    Pass run(CollectionState heard) {
        SealOutcome outcome = finish();
        SealHistory history = landing.seals().history();
        CollectionState before = heard == null ? history.collection() : heard.onTopOf(history.collection());
        RunId run = RunId.next(clock);
        List<SealRecord.Taken> files = landing.take(run, history.taken());
        steps.accept(Step.COPIED);
        SealRecord record =
                SealRecord.planned(run, source.qualifiedName(), history.nextNumber(), files, clock.instant(), before);
        SealBooks books = open(record, history);
        SealCounts counts = new SealCounts();
        CollectionState after = books.close(counts);
        if (files.isEmpty() && counts.sum().equals(Tally.ZERO)) {
            if (after.isNews(history)) {
                landing.seals().write(record.counted(after).done());
            }
            return new Pass(outcome, after);
        }
        landing.seals().write(record);
        steps.accept(Step.PLANNED);
        return new Pass(outcome.and(seal(record, books, false, Set.of(), Set.of())), after(record));
    }

    /** Finishes seals that did not. */
    SealOutcome finish() {
        SealHistory history = landing.seals().history();
        landing.seals().sweep(history);
        SealOutcome outcome = SealOutcome.NOTHING;
        for (SealRecord record : history.unfinished()) {
            LOG.info("seal {} of {} did not finish, it is run again", record.runId(), source.qualifiedName());
            outcome = outcome.and(again(record, landing.seals().history()));
        }
        return outcome;
    }

    /** Does a replay that is planned. */
    SealOutcome replay(SealRecord record) {
        return new Replay(source, landing.seals(), publisher(record), steps).finish(record);
    }

    private CollectionState after(SealRecord record) {
        return landing.seals().history().records().stream()
                .filter(r -> r.runId().equals(record.runId()))
                .findFirst()
                .orElseThrow()
                .after();
    }

    private SealBooks open(SealRecord record, SealHistory history) {
        List<Island> islands = List.of();
        if (!record.files().isEmpty()) {
            SealSql.recordViews(record.files().stream().map(landing::address).toList())
                    .forEach(sql::execute);
            islands =
                    sql.query(SealSql.islands()).rows().stream().map(Island::of).toList();
        }
        return SealBooks.open(record, islands, new SealedIntervals(source, store, sql, history), expected);
    }

    /** A seal that did not finish: its rows may be there already, also where this try would not put them. */
    private SealOutcome again(SealRecord record, SealHistory history) {
        if (record.replay() != null) {
            return replay(record);
        }
        SealedIntervals sealed = new SealedIntervals(source, store, sql, history);
        FormerRows former = new FormerRows(source, store, sql, record.runId());
        if (record.after() != null && sealed.has(record.runId())) {
            landing.seals().write(record.done());
            landing.seals().sweep(record);
            return former.outcome(record);
        }
        return seal(record, open(record, history), true, former.ods(), former.quarantine());
    }

    private SealPublisher publisher(SealRecord record) {
        return new SealPublisher(store, sql, clock, record.runId(), provenance());
    }

    private SealOutcome seal(
            SealRecord record,
            SealBooks books,
            boolean again,
            Collection<PartitionSpec> formerOds,
            Collection<PartitionSpec> formerQuarantine) {
        SealPublisher publisher = publisher(record);
        List<Arrivals> staged = new ArrayList<>();
        try {
            StagedLines lines = StagedLines.of(source, publisher, sql, books, staged, again);
            steps.accept(Step.STAGED);
            SealCounts counts = lines.counts();
            CollectionState after = books.close(counts);
            if (!counts.isBalanced()) {
                throw unbalanced(record, counts);
            }
            landing.seals().write(record.counted(after));
            steps.accept(Step.COUNTED);
            lines.publishRejected(formerQuarantine);
            steps.accept(Step.QUARANTINE);
            Arrivals.Publication published = lines.publishGood(formerOds);
            steps.accept(Step.ODS);
            publishAccount(publisher, counts, books);
            steps.accept(Step.ACCOUNT);
            new SealedIntervals(source, store, sql, null).publish(publisher, books);
            steps.accept(Step.SEALED);
            landing.seals().write(record.counted(after).done());
            steps.accept(Step.DONE);
            landing.seals().sweep(record);
            return new SealOutcome(record.files().size(), counts.sum(), lines.rejections(), List.of(), null)
                    .published(published);
        } catch (GranaryException e) {
            staged.forEach(arrivals -> discardQuietly(arrivals, e));
            throw e;
        }
    }

    private void publishAccount(SealPublisher publisher, SealCounts counts, SealBooks books) {
        List<List<Object>> rows = counts.rows(source.qualifiedName(), publisher.sealId(), books.sites());
        if (rows.isEmpty()) {
            return;
        }
        TableSchema schema = SealTables.account();
        store.ensure(schema);
        Set<PartitionSpec> days = rows.stream()
                .map(r -> PartitionSpec.of("source", source.qualifiedName(), "dt", (String) r.get(r.size() - 1)))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        publisher.add(schema, days, rows);
    }

    private GranaryException unbalanced(SealRecord record, SealCounts counts) {
        return new GranaryException(
                ErrorCode.DATA,
                source.qualifiedName() + ": the account of seal " + record.runId()
                        + " does not balance, so nothing was published. read_lines (by the agent's line numbers) is"
                        + " not loaded + duplicate + quarantined + lost + missing + skipped for:\n"
                        + counts.unbalanced());
    }

    private static void discardQuietly(Arrivals arrivals, GranaryException failure) {
        try {
            arrivals.discard();
        } catch (GranaryException e) {
            failure.addSuppressed(e);
        }
    }

    private Provenance provenance() {
        return new Provenance(source.id(), Digests.shortSha256(SealSql.parsedView(source, false)), List.of());
    }

    /**
     * What is expected of the agents.
     *
     * @param hosts that should report; empty: those that ever did
     * @param deadline how long after its end an hour waits for what is missing
     */
    record Expected(Set<String> hosts, Duration deadline) {
        Expected {
            hosts = Set.copyOf(hosts);
        }

        /** Whether an hour is closed now, with what is missing named. */
        boolean isOver(CollectedHour hour, Instant now) {
            return !now.isBefore(hour.end().plus(deadline));
        }
    }
}
