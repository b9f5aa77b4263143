package io.granary.ingestion.upload;

import io.granary.ingestion.file.ArchiveLimits;
import io.granary.ingestion.file.CellProblem;
import io.granary.ingestion.file.FileLanding;
import io.granary.ingestion.file.FileRows;
import io.granary.tablestore.Provenance;
import io.granary.tablestore.RunId;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.SourceNode;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lands a person's file: looked through whole, then published whole or not at all; the same content only once. */
final class Upload {
    /** A day may be given files by several people at a time. */
    private static final int ATTEMPTS = 8;

    private static final ArchiveLimits LIMITS = new ArchiveLimits(4L << 30, 200, 1000);

    private final FileLanding landing;
    private final UploadLog log;
    private final Clock clock;

    Upload(FileLanding landing, UploadLog log, Clock clock) {
        this.landing = landing;
        this.log = log;
        this.clock = clock;
    }

    /** What is wrong in a file, and how many rows it has. */
    record Looked(long rows, long problemCount, List<CellProblem> problems) {}

    /** Looks a file through without the warehouse. */
    static Looked look(SourceNode source, Given given) {
        List<CellProblem> first = new ArrayList<>();
        long[] count = new long[1];
        long rows = 0;
        try {
            rows = rows(source, given).check(problem -> {
                if (count[0]++ < UploadReport.SHOWN) {
                    first.add(problem);
                }
            });
            if (rows == 0 && count[0] == 0) {
                count[0]++;
                first.add(new CellProblem(given.name(), 1, null, null, "it has no row"));
            }
        } catch (GranaryException e) {
            if (e.code() != ErrorCode.DATA) {
                throw e;
            }
            count[0]++;
            first.add(0, new CellProblem(given.name(), 1, null, null, e.getMessage()));
        }
        return new Looked(rows, count[0], first.subList(0, Math.min(first.size(), UploadReport.SHOWN)));
    }

    private static FileRows rows(SourceNode source, Given given) {
        return new FileRows(source, List.of(new FileRows.Input(given.name(), given.content())), LIMITS);
    }

    /** Lands it, or says what is wrong in it. */
    UploadReport run(SourceNode source, Given given, LocalDate ds) {
        Looked looked = look(source, given);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        UploadReport report = looked.problemCount() > 0
                ? report(source, given, ds, now, UploadReport.REJECTED, RunId.next(clock), looked)
                : publish(source, given, ds, now, looked);
        log.add(report);
        return report;
    }

    private UploadReport publish(SourceNode source, Given given, LocalDate ds, Instant now, Looked looked) {
        boolean append = "append".equals(source.mode());
        for (int attempt = 1; ; attempt++) {
            Optional<FileLanding.Seen> seen = landing.seen(source, ds.toString());
            if (seen.isPresent() && has(seen.get(), source, given, append)) {
                return report(
                        source,
                        given,
                        ds,
                        now,
                        UploadReport.UNCHANGED,
                        seen.get().partition().run(),
                        looked);
            }
            List<Provenance.Input> inputs = new ArrayList<>();
            if (append) {
                seen.ifPresent(day -> inputs.addAll(day.inputs()));
            }
            inputs.add(input(given, now));
            try {
                FileLanding.Landed landed = landing.land(
                        source,
                        ds.toString(),
                        rows(source, given),
                        seen.orElse(null),
                        append ? FileLanding.Mode.APPEND : FileLanding.Mode.REPLACE,
                        inputs,
                        null);
                return report(source, given, ds, now, UploadReport.PUBLISHED, landed.run(), looked);
            } catch (GranaryException e) {
                if (e.code() != ErrorCode.BUSY || attempt == ATTEMPTS) {
                    throw e;
                }
                // somebody else's file was first: look again, and go on from there
            }
        }
    }

    private static Provenance.Input input(Given given, Instant now) {
        return new Provenance.Input(
                "upload:" + given.name(),
                List.of(given.sha256()),
                Map.of("by", given.by(), "at", now.toString(), "size", String.valueOf(given.bytes())));
    }

    private static boolean has(FileLanding.Seen day, SourceNode source, Given given, boolean append) {
        boolean there = day.inputs().stream().anyMatch(input -> input.versions().contains(given.sha256()));
        return there && (append || day.inputs().size() == 1 && day.definition().equals(FileLanding.definition(source)));
    }

    private static UploadReport report(
            SourceNode source, Given given, LocalDate ds, Instant now, String result, RunId run, Looked looked) {
        return new UploadReport(
                source.qualifiedName(),
                ds.toString(),
                given.name(),
                given.sha256(),
                given.bytes(),
                source.mode(),
                given.by(),
                now,
                result,
                run.value(),
                looked.rows(),
                looked.problemCount(),
                looked.problems());
    }
}
