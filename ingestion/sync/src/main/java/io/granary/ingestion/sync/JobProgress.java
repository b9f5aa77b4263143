package io.granary.ingestion.sync;

import io.granary.ingestion.sync.engine.JobReport;
import io.granary.ingestion.sync.engine.Progress;
import io.granary.ingestion.sync.row.RowPart;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Shows how a job goes on, every ten seconds as DataX does, and what it did at its end. */
final class JobProgress implements Progress, AutoCloseable {
    private static final long EVERY_MILLIS = 10_000;

    private final PrintWriter out;
    private final Clock clock;
    private final long start;
    private final LongAdder rows = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder dirty = new LongAdder();
    private final AtomicInteger finished = new AtomicInteger();
    private volatile int parts;
    private long shown;

    JobProgress(PrintWriter out, Clock clock) {
        this.out = out;
        this.clock = clock;
        this.start = clock.millis();
        this.shown = start;
    }

    @Override
    public void parts(int count) {
        parts = count;
    }

    @Override
    public void read(long moreRows, long moreBytes) {
        rows.add(moreRows);
        bytes.add(moreBytes);
        show();
    }

    private synchronized void show() {
        long now = clock.millis();
        if (now - shown >= EVERY_MILLIS) {
            shown = now;
            out.println(line(now) + ", " + finished + "/" + parts + " parts");
            out.flush();
        }
    }

    private String line(long now) {
        double seconds = Math.max(0.001, (now - start) / 1000.0);
        return String.format(
                Locale.ROOT,
                "%,d rows, %,d bytes, %,.0f rows/s, %.1f MB/s, %d dirty",
                rows.sum(),
                bytes.sum(),
                rows.sum() / seconds,
                bytes.sum() / seconds / 1e6,
                dirty.sum());
    }

    /** An engine that tells nothing meanwhile says at its end what it has read, in rows. */
    private String line(long now, JobReport report) {
        long read = report.rows() + report.dirty();
        double seconds = Math.max(0.001, (now - start) / 1000.0);
        return parts > 0
                ? line(now)
                : String.format(Locale.ROOT, "%,d rows, %,.0f rows/s, %d dirty", read, read / seconds, report.dirty());
    }

    @Override
    public void dirty() {
        dirty.increment();
    }

    @Override
    public void finished(RowPart part, boolean kept) {
        finished.incrementAndGet();
    }

    /** What the job did. */
    void summary(JobReport report, Path dirtyRows) {
        long now = clock.millis();
        out.printf(Locale.ROOT, "time        %.1f s%n", (now - start) / 1000.0);
        out.println("read        " + line(now, report));
        out.printf(
                Locale.ROOT,
                "written     %,d rows in %d parts%n",
                report.rows(),
                report.parts().size());
        out.printf(
                Locale.ROOT,
                "left out    %,d rows%s%n",
                report.dirty(),
                report.dirty() == 0 || !Files.exists(dirtyRows) ? "" : ", kept in " + dirtyRows);
    }

    @Override
    public void close() {
        out.flush();
    }
}
