package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.ingestion.sync.row.RowReader;
import io.granary.ingestion.sync.row.RowWriter;
import io.granary.ingestion.sync.transform.Transformers;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.orc.TypeDescription;

/**
 * The native engine's steps one by one, for an engine that runs the parts of a job on other machines: cut here, stage
 * anywhere, commit here. Each step opens the job's reader and writer for itself.
 *
 * @param dirtyRows file of this process for rows that are left out; null to keep none
 */
public record PartTask(DataxJob job, Profile profile, Configuration hadoop, Path dirtyRows) {
    /** How the job is cut for its channels. */
    public List<RowPart> cut() {
        try (RowReader reader = new Readers(profile, hadoop).of(job, 1)) {
            return reader.parts(job.channels());
        }
    }

    /** The columns of the rows as they reach the writer. */
    public TypeDescription rows() {
        try (RowReader reader = new Readers(profile, hadoop).of(job, 1)) {
            return Transformers.of(job.transformers(), reader.schema()).schema();
        }
    }

    /** Reads and writes one part; it stays staged when this returns, and is no data before {@link #commit}. */
    public PartReport stage(RowPart part) {
        return stage(part, PartLog.NONE);
    }

    /** The same for a job that can go on in a later attempt: what the log says is staged stays as it is, if the source is too. */
    public PartReport stage(RowPart part, PartLog log) {
        return run(part, log, RowWriter::keepFinished, writer -> {});
    }

    /** Reads and writes one part, and commits it by itself. */
    public PartReport load(RowPart part) {
        return run(part, PartLog.NONE, writer -> {}, RowWriter::commit);
    }

    private PartReport run(RowPart part, PartLog log, Consumer<RowWriter> before, Consumer<RowWriter> after) {
        try (DirtyRows dirty = new DirtyRows(dirtyRows, job.setting().errorLimit(), 0);
                RowReader reader = new Readers(profile, hadoop).of(job, 1)) {
            Transformers transformers = Transformers.of(job.transformers(), reader.schema());
            try (RowWriter writer = new Writers(profile, hadoop).of(job, 1, transformers.schema())) {
                before.accept(writer);
                JobState state = new JobState(Throttle.of(job.setting().speed()), dirty, Progress.NONE);
                PartReport report = new PartRun(state, reader, writer, transformers, log, Progress.NONE).run(part);
                after.accept(writer);
                return report;
            }
        }
    }

    /** Judges the rows left out of all parts together. */
    public JobReport judged(List<PartReport> parts) {
        JobReport report = new JobReport(parts);
        long read = report.rows() + report.dirty();
        if (job.setting().errorLimit().passedAtEnd(report.dirty(), read)) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    report.dirty() + " of " + read + " rows cannot be kept, errorLimit is "
                            + job.setting().errorLimit());
        }
        return report;
    }

    /**
     * Makes the staged parts visible, all at once where the target can.
     *
     * @throws GranaryException when a part is not there as it was reported, or too many rows were left out
     */
    public JobReport commit(List<PartReport> parts) {
        JobReport report = judged(parts);
        try (RowReader reader = new Readers(profile, hadoop).of(job, 1);
                RowWriter writer = new Writers(profile, hadoop)
                        .of(
                                job,
                                1,
                                Transformers.of(job.transformers(), reader.schema())
                                        .schema())) {
            for (PartReport part : parts) {
                if (writer.staged(part.part())
                        .filter(staged -> Sums.same(staged, part.written()))
                        .isEmpty()) {
                    throw new GranaryException(
                            ErrorCode.DATA,
                            part.part().what() + " is not staged as it was reported; nothing of the job is taken");
                }
            }
            writer.commit();
            return report;
        }
    }

    /** Takes back what is staged. */
    public void discard(List<RowPart> parts) {
        try (RowReader reader = new Readers(profile, hadoop).of(job, 1);
                RowWriter writer = new Writers(profile, hadoop)
                        .of(
                                job,
                                1,
                                Transformers.of(job.transformers(), reader.schema())
                                        .schema())) {
            // a writer drops what it knows and has not committed
            parts.forEach(writer::staged);
        }
    }
}
