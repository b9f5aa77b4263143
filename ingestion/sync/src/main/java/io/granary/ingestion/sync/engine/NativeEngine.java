package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.job.DataxJob;
import io.granary.ingestion.sync.row.ReadRows;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.ingestion.sync.row.RowReader;
import io.granary.ingestion.sync.row.RowWriter;
import io.granary.ingestion.sync.transform.Transformers;
import io.granary.warehouse.config.Profile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;

/**
 * Runs a job in this process: parts of the rows go side by side from the reader to the writer, each is compared with what
 * the source counts, and when all are complete the whole is committed. A failure leaves nothing behind that a reader of the
 * target could see.
 */
public final class NativeEngine implements Engine {
    private final Profile profile;
    private final Configuration hadoop;
    private final Path dirtyRows;
    private final Progress progress;

    /** Rows that are left out are counted, and kept nowhere. */
    public NativeEngine(Profile profile, Configuration hadoop) {
        this(profile, hadoop, null, Progress.NONE);
    }

    /** @param dirtyRows file for the rows that are left out, one JSON object a line; null to keep none */
    public NativeEngine(Profile profile, Configuration hadoop, Path dirtyRows, Progress progress) {
        this.profile = profile;
        this.hadoop = hadoop;
        this.dirtyRows = dirtyRows;
        this.progress = progress;
    }

    @Override
    public JobReport run(DataxJob job, PartLog log) {
        int channels = job.channels();
        try (RowReader reader = new Readers(profile, hadoop).of(job, channels);
                RowWriter writer = new Writers(profile, hadoop)
                        .of(job, channels, transformed(job, reader).schema())) {
            return run(reader, transformed(job, reader), writer, job.setting(), channels, log);
        }
    }

    /** As {@link #run(DataxJob, PartLog)}, for rows that come from elsewhere than a job's JSON can name. */
    public JobReport run(RowReader reader, RowWriter writer, DataxJob.Setting setting, int channels, PartLog log) {
        return run(reader, Transformers.of(List.of(), reader.schema()), writer, setting, channels, log);
    }

    private JobReport run(
            RowReader reader,
            Transformers transformers,
            RowWriter writer,
            DataxJob.Setting setting,
            int channels,
            PartLog log) {
        List<RowPart> earlier = log.parts();
        long before = earlier.stream()
                .flatMap(part -> log.finished(part).stream())
                .mapToLong(PartReport::dirty)
                .sum();
        try (DirtyRows dirty = new DirtyRows(dirtyRows, setting.errorLimit(), before)) {
            JobState state = new JobState(Throttle.of(setting.speed()), dirty, progress);
            if (log != PartLog.NONE) {
                writer.keepFinished();
            }
            List<RowPart> parts = earlier;
            if (parts.isEmpty()) {
                parts = reader.parts(channels);
                log.parts(parts);
            }
            progress.parts(parts.size());
            PartRun run = new PartRun(state, reader, writer, transformers, log, progress);
            List<Callable<PartReport>> work = parts.stream()
                    .<Callable<PartReport>>map(part -> () -> run.run(part))
                    .toList();
            JobReport report = new JobReport(Channels.run(channels, work, () -> {
                state.stop();
                reader.stop();
                writer.stop();
            }));
            dirty.atEnd(report.rows() + report.dirty());
            writer.verify(new ReadRows(
                    transformers.schema(), report.rows(), transformers.none() ? report.read() : Optional.empty()));
            writer.commit();
            return report;
        }
    }

    private static Transformers transformed(DataxJob job, RowReader reader) {
        return Transformers.of(job.transformers(), reader.schema());
    }
}
