package io.granary.batch.seal;

import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.RunId;
import io.granary.tablestore.TableSchema;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.text.SqlLiteral;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Tries quarantined lines again by the source's present format: good ones go to ODS under the identity they have, and the
 * quarantine says who loaded them. Lines that were cut for their length stay.
 */
record Replay(SourceNode source, SealFolder seals, SealPublisher publisher, Consumer<SourceSeal.Step> steps) {

    /** @param days collected days; empty: all */
    static SealRecord plan(SourceNode source, RunId run, SealHistory history, List<String> days, java.time.Instant at) {
        return SealRecord.replay(run, source.qualifiedName(), history.nextNumber(), days, at, history.collection());
    }

    /** Does what was planned; may be done again. */
    SealOutcome finish(SealRecord record) {
        publisher.store().ensure(SealTables.quarantine());
        if (publisher.store().partitions(SealTables.QUARANTINE).stream()
                .noneMatch(p -> p.spec().values().get(0).equals(source.qualifiedName()))) {
            seals.write(record.counted(record.before()).done());
            return SealOutcome.NOTHING;
        }
        publisher.sql().execute(parsedView(record));
        Set<PartitionSpec> former =
                new LinkedHashSet<>(new FormerRows(source, publisher.store(), publisher.sql(), record.runId()).ods());
        Arrivals good = publisher.stage(SealTables.ods(source), SealSql.goodRows(source, record.runId()));
        List<List<Object>> loaded =
                publisher.sql().query(SealSql.counts(good.table())).rows();
        List<String> failing = failing();
        steps.accept(SourceSeal.Step.STAGED);
        Set<PartitionSpec> days = days(loaded);
        days.addAll(marked(record));
        markAndCount(record, good, days, loaded);
        Arrivals.Publication ods = good.publish(former);
        steps.accept(SourceSeal.Step.ODS);
        seals.write(record.counted(record.before()).done());
        steps.accept(SourceSeal.Step.DONE);
        long count = loaded.stream().mapToLong(r -> Island.number(r, 4)).sum();
        Tally counts = Tally.loaded(count).plus(Tally.quarantined(-count));
        return new SealOutcome(0, counts, failing, List.of(), null).published(ods);
    }

    /** Quarantine and account first: while the good rows are staged, what they are is known. */
    private void markAndCount(SealRecord record, Arrivals good, Set<PartitionSpec> days, List<List<Object>> loaded) {
        if (days.isEmpty()) {
            return;
        }
        publisher.replace(SealTables.quarantine(), days, marking(record, good, days));
        steps.accept(SourceSeal.Step.QUARANTINE);
        SealCounts counts = new SealCounts();
        counts.add(loaded, n -> Tally.loaded(n).plus(Tally.quarantined(-n)));
        List<List<Object>> rows = counts.rows(source.qualifiedName(), record.runId(), sites(good));
        TableSchema account = SealTables.account();
        publisher.store().ensure(account);
        if (rows.isEmpty()) {
            publisher.replace(
                    account,
                    days,
                    TableSql.merged(
                            account,
                            publisher.present(account.name(), days),
                            record.runId(),
                            "SELECT * FROM " + account.name() + " WHERE FALSE"));
        } else {
            publisher.add(account, days, rows);
        }
        steps.accept(SourceSeal.Step.ACCOUNT);
    }

    private Map<LogFile, String> sites(Arrivals good) {
        Map<LogFile, String> sites = new TreeMap<>();
        publisher
                .sql()
                .query("SELECT region, host, file, MIN(site) FROM " + good.table() + " GROUP BY 1, 2, 3")
                .rows()
                .forEach(r -> sites.put(SealCounts.file(r), Island.text(r, 3)));
        return sites;
    }

    private Set<PartitionSpec> days(List<List<Object>> loaded) {
        return loaded.stream()
                .map(r -> day(SealCounts.hour(r).dt()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Days in which an earlier try has marked lines. */
    private List<PartitionSpec> marked(SealRecord record) {
        List<PartitionSpec> marked = new ArrayList<>();
        publisher
                .sql()
                .query("SELECT DISTINCT dt FROM " + SealTables.QUARANTINE + " WHERE source = "
                        + SqlLiteral.of(source.qualifiedName()) + " AND replayed_by = "
                        + SqlLiteral.of(record.runId()))
                .rows()
                .forEach(r -> marked.add(day(String.valueOf(r.get(0)))));
        return marked;
    }

    private PartitionSpec day(String dt) {
        return PartitionSpec.of("source", source.qualifiedName(), "dt", dt);
    }

    private String candidates(SealRecord record) {
        String days = record.replay().days().isEmpty()
                ? ""
                : " AND dt IN ("
                        + record.replay().days().stream().map(SqlLiteral::of).collect(Collectors.joining(", "))
                        + ")";
        return "source = " + SqlLiteral.of(source.qualifiedName()) + days
                + " AND (replayed_by IS NULL OR replayed_by = "
                + SqlLiteral.of(record.runId()) + ") AND NOT STARTSWITH(reason, "
                + SqlLiteral.of(SealSql.OVERSIZE)
                + ")";
    }

    private String parsedView(SealRecord record) {
        return SealSql.quarantinedView(source, candidates(record));
    }

    private List<String> failing() {
        return publisher
                .sql()
                .query("SELECT COUNT(*), reject_reason, MIN(host), MIN(file), MIN(line_number) FROM " + SealSql.PARSED
                        + " WHERE reject_reason IS NOT NULL GROUP BY reject_reason ORDER BY 1 DESC LIMIT "
                        + SealOutcome.REJECTIONS_SHOWN)
                .rows()
                .stream()
                .map(r -> "still %s lines: %s (host %s, file %s, line %s)".formatted(r.toArray()))
                .toList();
    }

    /** All rows of the days; those that are loaded now carry this replay's id, and no others do. */
    private String marking(SealRecord record, Arrivals good, Set<PartitionSpec> days) {
        TableSchema schema = SealTables.quarantine();
        String id = SqlLiteral.of(record.runId());
        String columns = TableSql.columns(schema)
                .replace(
                        "`replayed_by`",
                        "CASE WHEN g.line_offset IS NOT NULL THEN " + id + " WHEN q.replayed_by <> " + id
                                + " THEN q.replayed_by END AS replayed_by");
        return "SELECT " + qualified(columns) + " FROM (SELECT * FROM " + schema.name() + " WHERE "
                + TableSql.predicate(List.copyOf(days))
                + ") AS q LEFT JOIN (SELECT DISTINCT region, host, file, line_offset FROM " + good.table()
                + ") AS g ON q.region <=> g.region AND q.host = g.host AND q.file = g.file"
                + " AND q.line_offset = g.line_offset";
    }

    private static String qualified(String columns) {
        return columns.replaceAll("`(\\w+)`", "q.`$1`");
    }
}
