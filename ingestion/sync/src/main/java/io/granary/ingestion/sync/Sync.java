package io.granary.ingestion.sync;

import io.granary.ingestion.sync.engine.JobReport;
import io.granary.ingestion.sync.engine.PartReport;
import io.granary.ingestion.sync.job.DataxJson;
import io.granary.ingestion.sync.orc.OrcFiles;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.RunId;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableStore;
import io.granary.warehouse.config.Home;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.SourceNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lands database tables as a day's partition of their ODS table: staged outside the table, counted, reconciled with the
 * source, then published whole. What a run that died has staged is taken by the next one, as far as the source still has
 * the same rows.
 */
final class Sync {
    private static final Logger LOG = LoggerFactory.getLogger(Sync.class);

    private final Engines engines;
    private final Configuration hadoop;
    private final TableStore store;
    private final Home home;
    private final Clock clock;
    private final boolean acceptDrift;

    /**
     * @param home in whose {@code target/jobs} the job is written for people to read
     * @param acceptDrift columns that are gone or narrower do not stop it
     */
    Sync(Engines engines, Configuration hadoop, TableStore store, Home home, Clock clock, boolean acceptDrift) {
        this.engines = engines;
        this.hadoop = hadoop;
        this.store = store;
        this.home = home;
        this.clock = clock;
        this.acceptDrift = acceptDrift;
    }

    /** The job as it would run now, as JSON; changes nothing. */
    String plan(SourceNode source, String ds) {
        SyncPlan plan = SyncPlan.of(source, ds, engines, store, staging(source, ds));
        plan.drift().refuse(source.qualifiedName(), acceptDrift);
        return DataxJson.write(plan.job());
    }

    JobRun.Outcome run(SourceNode source, String ds) {
        try (TableStore.Hold hold = hold(source, ds)) {
            SyncStaging staging = staging(source, ds);
            staging.recover(store);
            SyncPlan plan = SyncPlan.of(source, ds, engines, store, staging);
            plan.drift().refuse(source.qualifiedName(), acceptDrift);
            return new Landing(source, ds, plan, staging).run(hold);
        }
    }

    private SyncStaging staging(SourceNode source, String ds) {
        return SyncStaging.of(hadoop, engines.profile().fs(), source.qualifiedName(), ds);
    }

    private TableStore.Hold hold(SourceNode source, String ds) {
        String job = source.qualifiedName() + " ds=" + ds;
        TableName name = new TableName(
                "ods", "granary_sync__" + (source.qualifiedName() + "__" + ds).replaceAll("[^a-z0-9_]", "_"));
        try {
            return store.holdAlone(name, "granary sync " + job + " of home " + home.root());
        } catch (GranaryException e) {
            throw e.code() == ErrorCode.BUSY
                    ? new GranaryException(ErrorCode.BUSY, job + " is being synced already: " + e.getMessage(), e)
                    : e;
        }
    }

    /** One run of a plan. */
    private final class Landing {
        private final SourceNode source;
        private final String ds;
        private final SyncPlan plan;
        private final SyncStaging staging;
        private final List<String> notes;
        private final Path dirtyRows;

        Landing(SourceNode source, String ds, SyncPlan plan, SyncStaging staging) {
            this.source = source;
            this.ds = ds;
            this.plan = plan;
            this.staging = staging;
            this.notes = new ArrayList<>(plan.drift().notes());
            this.dirtyRows = home.dirtyRows(name());
        }

        private String name() {
            return "sync." + source.qualifiedName() + "." + ds;
        }

        JobRun.Outcome run(TableStore.Hold hold) {
            DataxJson.write(plan.job(), home.target().resolve("jobs/" + name() + ".json"));
            StagedParts parts = open();
            Instant snapshot = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            List<PartReport> earlier = parts.reports();
            JobReport report = staged(parts);
            Reconciliation sums = Reconciliation.of(report);
            verify(report);
            int kept = (int) report.parts().stream().filter(earlier::contains).count();
            if (kept > 0) {
                notes.add(kept + " of " + report.parts().size() + " parts were staged by an earlier run");
            }
            if (sums.dirty() > 0) {
                notes.add(sums.dirty() + " rows left out: " + dirtyRows);
            }
            hold.confirm();
            RunId run = publish(record(report, sums, snapshot, kept), sums.rows());
            staging.delete();
            return new JobRun.Outcome(sums.rows(), plan.table().name().toString(), "ds=" + ds, run.value(), notes);
        }

        private StagedParts open() {
            SyncStaging.Begun wanted = new SyncStaging.Begun(plan.hash(), plan.range());
            SyncStaging.Begun begun = staging.begun().orElse(null);
            if (!wanted.equals(begun)) {
                if (begun != null) {
                    notes.add("what an earlier run staged was of another job or other columns: read anew");
                }
                staging.delete();
                staging.begin(wanted);
            }
            return staging.parts();
        }

        private JobReport staged(StagedParts parts) {
            try {
                return engines.of(plan.engine(), dirtyRows).run(plan.job(), parts);
            } catch (GranaryException e) {
                if (parts.reports().isEmpty()) {
                    throw e;
                }
                throw new GranaryException(
                        e.code(),
                        e.getMessage() + "\n" + parts.reports().size()
                                + " parts are staged: the next run of the same day goes on from there.",
                        e);
            }
        }

        /** The files hold what the report says, whoever wrote them. */
        private void verify(JobReport report) {
            long rows = new OrcFiles(hadoop).rows(staging.partFiles());
            if (rows != report.rows()) {
                staging.delete();
                throw new GranaryException(
                        ErrorCode.DATA,
                        "source " + source.qualifiedName() + ": " + report.rows()
                                + " rows were written, the staged files in " + staging.data() + " have " + rows
                                + ". They are deleted and nothing was published; run it again.");
            }
        }

        private SyncRecord record(JobReport report, Reconciliation sums, Instant snapshot, int kept) {
            return new SyncRecord(
                    plan.engine(),
                    plan.hash(),
                    snapshot.toString(),
                    plan.shape().tables(),
                    plan.sourceColumns(source),
                    plan.range(),
                    report.parts().size(),
                    kept,
                    sums.dirty(),
                    sums.reconciled(),
                    sums.columns().stream().map(SyncRecord.Sum::of).toList());
        }

        private RunId publish(SyncRecord record, long rows) {
            TableName table = plan.table().name();
            if (!plan.drift().widened().isEmpty()) {
                store.widen(table, plan.drift().widened());
            }
            store.ensure(plan.table());
            RunId run = RunId.next(clock);
            Set<PartitionSpec> day = Set.of(PartitionSpec.of("ds", ds));
            TableStore.Staging version = store.stage(table, run, day);
            try {
                staging.moveTo(version);
                Provenance provenance = new Provenance(source.id(), plan.hash(), List.of())
                        .withRows(rows)
                        .withDetails(record.toDetails());
                store.publish(version, day, provenance);
                return run;
            } catch (RuntimeException e) {
                throw takenBack(e);
            }
        }

        private RuntimeException takenBack(RuntimeException failure) {
            try {
                staging.recover(store);
            } catch (RuntimeException e) {
                LOG.warn("what {} staged is settled by its next run: {}", name(), e.getMessage());
            }
            return failure;
        }
    }
}
