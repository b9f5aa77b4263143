package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.row.RowBatches;
import io.granary.ingestion.sync.row.RowCast;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.ingestion.sync.row.RowReader;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.ingestion.sync.row.RowWriter;
import io.granary.ingestion.sync.transform.Transformers;
import java.util.Optional;

/** Brings one part of a job from its reader to its writer, and proves that all of it arrived. */
final class PartRun {
    private final JobState job;
    private final RowReader reader;
    private final RowWriter writer;
    private final Transformers transformers;
    private final PartLog log;
    private final Progress progress;

    PartRun(
            JobState job,
            RowReader reader,
            RowWriter writer,
            Transformers transformers,
            PartLog log,
            Progress progress) {
        this.job = job;
        this.reader = reader;
        this.writer = writer;
        this.transformers = transformers;
        this.log = log;
        this.progress = progress;
    }

    PartReport run(RowPart part) {
        job.check();
        Optional<PartReport> earlier = log.finished(part).filter(this::stillThere);
        PartReport report = earlier.orElseGet(() -> copy(part));
        if (earlier.isEmpty()) {
            log.finish(report);
        }
        progress.finished(part, earlier.isPresent());
        return report;
    }

    /** The source shows the same rows now as it did then, and the target has them. */
    private boolean stillThere(PartReport earlier) {
        return earlier.fingerprint() != null
                && writer.staged(earlier.part())
                        .filter(staged -> Sums.same(staged, earlier.written()))
                        .isPresent()
                && reader.fingerprint(earlier.part())
                        .filter(earlier.fingerprint()::equals)
                        .isPresent();
    }

    private PartReport copy(RowPart part) {
        RowCast cast = RowCast.between(
                transformers.schema(), writer.schema().orElse(transformers.schema()), RowBatches.ROWS, part.what());
        PartCopy copy = new PartCopy(
                job,
                transformers.open(part.what(), RowBatches.ROWS),
                cast,
                RowBatches.of(reader.schema(), RowBatches.ROWS));
        RowSums written;
        try (RowWriter.Part target = writer.open(part, copy::late)) {
            copy.to(target);
            reader.read(part, copy);
            copy.finish();
            written = target.finish();
        }
        RowSums source = reader.sums(part).orElse(null);
        new Sums(part, transformers.none() && copy.dirty() == 0 ? cast : null).compare(copy, written, source);
        String fingerprint =
                log == PartLog.NONE ? null : reader.fingerprint(part).orElse(null);
        return new PartReport(part, written, source, fingerprint, copy.dirty());
    }
}
