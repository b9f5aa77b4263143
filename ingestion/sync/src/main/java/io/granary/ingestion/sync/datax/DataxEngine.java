package io.granary.ingestion.sync.datax;

import io.granary.ingestion.sync.engine.Engine;
import io.granary.ingestion.sync.engine.JobReport;
import io.granary.ingestion.sync.engine.PartLog;
import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.job.HdfsReader;
import io.granary.ingestion.sync.job.HdfsWriter;
import io.granary.ingestion.sync.job.RdbmsReader;
import io.granary.ingestion.sync.job.RdbmsWriter;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;

/**
 * Runs a job by an installed DataX, between a database and ORC files. DataX only ever carries texts between our own places;
 * types, checks and the commit are Granary's, so that its faults (see docs/data-transfer.md) reach no table.
 */
public final class DataxEngine implements Engine {
    private final DataxHome home;
    private final Profile profile;
    private final Configuration hadoop;
    private final Path dirtyRows;

    /** @param dirtyRows file for rows that a type cannot keep; null to keep none. Rows DataX itself loses are in its log only */
    public DataxEngine(DataxHome home, Profile profile, Configuration hadoop, Path dirtyRows) {
        this.home = home;
        this.profile = profile;
        this.hadoop = hadoop;
        this.dirtyRows = dirtyRows;
    }

    @Override
    public JobReport run(DataxJob job, PartLog log) {
        if (!job.transformers().isEmpty()) {
            throw refused("transformers: it carries texts, and they compare by type");
        }
        if (job.reader() instanceof RdbmsReader from && job.writer() instanceof HdfsWriter) {
            return new DataxRead(home, profile, hadoop, dirtyRows).run(job, from);
        }
        if (job.reader() instanceof HdfsReader && job.writer() instanceof RdbmsWriter to) {
            return new DataxWrite(home, profile, hadoop, dirtyRows).run(job, to);
        }
        throw refused(job.reader().plugin() + " to " + job.writer().plugin());
    }

    static GranaryException refused(String what) {
        return new GranaryException(
                ErrorCode.DEFINITION, "engine datax does not run " + what + ". Set engine: native.");
    }
}
