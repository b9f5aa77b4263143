package io.granary.batch.seal;

import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.SqlSession;
import io.granary.warehouse.manifest.SourceNode;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The lines of one seal, staged and counted: good ones for ODS, the others for the quarantine. */
final class StagedLines {
    private final SourceNode source;
    private final SealPublisher publisher;
    private final SqlSession sql;
    private final SealBooks books;
    private final SealCounts counts = new SealCounts();
    private Arrivals good;
    private Arrivals rejected;
    private List<String> rejections = List.of();

    private StagedLines(SourceNode source, SealPublisher publisher, SqlSession sql, SealBooks books) {
        this.source = source;
        this.publisher = publisher;
        this.sql = sql;
        this.books = books;
    }

    /**
     * Stages and counts.
     *
     * @param staged takes what is staged, so that it can be discarded
     * @param again an earlier try may have published rows, which are to go
     */
    static StagedLines of(
            SourceNode source,
            SealPublisher publisher,
            SqlSession sql,
            SealBooks books,
            List<Arrivals> staged,
            boolean again) {
        StagedLines lines = new StagedLines(source, publisher, sql, books);
        if (!books.islands().isEmpty()) {
            lines.stage(staged, again);
        }
        return lines;
    }

    private void stage(List<Arrivals> staged, boolean again) {
        Map<LogFile, List<Interval>> met = books.met();
        sql.execute(SealSql.knownView(met));
        sql.execute(SealSql.parsedView(source, !met.isEmpty()));
        good = publisher.stage(SealTables.ods(source), SealSql.goodRows(source, publisher.sealId()));
        staged.add(good);
        counts.add(sql.query(SealSql.counts(good.table())).rows(), Tally::loaded);
        if (books.hasOverlaps()) {
            sql.query(SealSql.duplicates()).rows().forEach(this::addDuplicates);
        }
        // what the headers tell of is all there: no line can have been rejected, so nothing is parsed again
        if (!again && !books.hasOversize() && books.isCoveredBy(counts)) {
            return;
        }
        rejected = publisher.stage(SealTables.quarantine(), SealSql.rejectedRows(source, publisher.sealId()));
        staged.add(rejected);
        List<List<Object>> rows = sql.query(SealSql.counts(rejected.table())).rows();
        counts.add(rows, Tally::quarantined);
        if (!books.isCoveredBy(counts)) {
            counts.add(sql.query(SealSql.skipped()).rows(), Tally::skipped);
        }
        if (!rows.isEmpty()) {
            rejections = sql
                    .query("SELECT host, file, line_number, reason FROM " + rejected.table()
                            + " ORDER BY host, file, line_number LIMIT " + SealOutcome.REJECTIONS_SHOWN)
                    .rows()
                    .stream()
                    .map(r -> "host %s, file %s, line %s: %s".formatted(r.toArray()))
                    .toList();
        }
    }

    private void addDuplicates(List<Object> row) {
        LogFile file = SealCounts.file(row);
        CollectedHour hour = SealCounts.hour(row);
        counts.add(file, hour, Tally.duplicate(Island.number(row, 4)));
        counts.add(file, hour, Tally.lost(-Island.number(row, 5)));
    }

    /** What became of the lines that are there; the agent's side of the account is not in it. */
    SealCounts counts() {
        return counts;
    }

    /** The first rejected lines, in words. */
    List<String> rejections() {
        return rejections;
    }

    void publishRejected(Collection<PartitionSpec> former) {
        if (rejected != null) {
            rejected.publish(former);
        }
    }

    Arrivals.Publication publishGood(Collection<PartitionSpec> former) {
        return good == null ? Arrivals.Publication.NONE : good.publish(former);
    }
}
