package io.granary.ingestion.sync.export;

import io.granary.ingestion.sync.JobRun;
import io.granary.ingestion.sync.engine.JobReport;
import io.granary.ingestion.sync.engine.NativeEngine;
import io.granary.ingestion.sync.engine.PartLog;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.DataxJson;
import io.granary.ingestion.sync.orc.OrcFolderReader;
import io.granary.ingestion.sync.row.RowReader;
import io.granary.tablestore.TableStore;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.manifest.ExportNode;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** Puts one day of a table into the sharing layer; who reads there sees it as it was or as it is, never a mix. */
public final class Export {
    private final Profile profile;
    private final Configuration hadoop;
    private final TableStore store;
    private final Path jobs;
    private final Clock clock;
    private final TableExport.Bounds bounds;

    /** @param jobs folder where the job is written for people to read */
    public Export(Profile profile, Configuration hadoop, TableStore store, Path jobs, Clock clock) {
        this(profile, hadoop, store, jobs, clock, TableExport.Bounds.NORMAL);
    }

    Export(Profile profile, Configuration hadoop, TableStore store, Path jobs, Clock clock, TableExport.Bounds bounds) {
        this.profile = profile;
        this.hadoop = hadoop;
        this.store = store;
        this.jobs = jobs;
        this.clock = clock;
        this.bounds = bounds;
    }

    /**
     * Exports the day as it is published now; does nothing when it is there already.
     *
     * @param force writes it again, and over what is newer
     */
    public JobRun.Outcome run(ExportNode export, String ds, boolean force) {
        ExportedDay day = ExportedDay.of(export, ds, store);
        return export.intoTable()
                ? new TableExport(profile, job -> run(day, job), clock, bounds).run(day, rows(day), force)
                : new RedisExport(profile, job -> run(day, job).rows()).run(day, force);
    }

    private long rows(ExportedDay day) {
        try (RowReader reader = OrcFolderReader.open(day.reader(profile.fs(), false), hadoop)) {
            return reader.parts(1).stream()
                    .mapToLong(part -> reader.sums(part).orElseThrow().rows())
                    .sum();
        }
    }

    private JobReport run(ExportedDay day, DataxJob job) {
        DataxJson.write(job, jobs.resolve("export." + day.export().qualifiedName() + "." + day.ds() + ".json"));
        return new NativeEngine(profile, hadoop).run(job, PartLog.NONE);
    }

    /** Writes the day into a CSV file, which is there whole or not at all. */
    public JobRun.Outcome toFile(ExportNode export, String ds, Path file, boolean keepFormulas) {
        ExportedDay day = ExportedDay.of(export, ds, store);
        return day.outcome(
                new CsvExport(hadoop, profile.fs(), keepFormulas).write(day, file), file.toString(), List.of());
    }
}
