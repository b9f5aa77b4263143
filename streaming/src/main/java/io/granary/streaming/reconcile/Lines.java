package io.granary.streaming.reconcile;

import io.granary.streaming.checkpoint.FileKey;
import io.granary.streaming.checkpoint.FileLines;
import io.granary.streaming.checkpoint.Intervals;
import io.granary.streaming.checkpoint.Marks;
import io.granary.streaming.query.StreamedSql;
import io.granary.streaming.replay.CounterPast;
import io.granary.tablestore.SqlSession;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The sealed lines of some days as the warehouse has them now, and the model's rows of some of them, as SQL. */
final class Lines {
    private static final String QUARANTINE = "granary_quarantine";

    private final SqlSession sql;
    private final CountedLog log;
    private final List<String> days;
    private final Map<FileKey, Extent> extents = new HashMap<>();
    private final Map<FileKey, Intervals> before;

    /** Where the lines of a file lie, and when its newest was collected, epoch milliseconds. */
    private record Extent(long start, long end, long collectedAt) {}

    /** @param days {@code ds} of the ODS table */
    Lines(SqlSession sql, CountedLog log, List<String> days) {
        this.sql = sql;
        this.log = log;
        this.days = days;
        String files = "SELECT COALESCE(region, ''), host, file, MIN(line_offset), MAX(line_offset) + 1,"
                + " UNIX_MILLIS(MAX(collected_at)) FROM " + log.source().table() + " WHERE " + isOf(days)
                + " GROUP BY 1, 2, 3";
        for (List<Object> row : sql.query(files).rows()) {
            FileKey file = new FileKey(
                    row.get(0).toString(), row.get(1).toString(), row.get(2).toString());
            extents.put(file, new Extent(number(row.get(3)), number(row.get(4)), number(row.get(5))));
        }
        before = here(log.past().before());
    }

    /** What of these lines the counter's query has not counted; of files that the marks have forgotten it has all. */
    Map<FileKey, Intervals> unread(Marks marks, long now) {
        Map<FileKey, Intervals> read = log.past().read(marks);
        Map<FileKey, Intervals> unread = new HashMap<>();
        extents.forEach((file, extent) -> {
            boolean isForgotten = !read.containsKey(file) && extent.collectedAt() < now - Marks.KEPT.toMillis();
            Intervals gaps = read.getOrDefault(file, new Intervals()).without(extent.start(), extent.end());
            if (!isForgotten && !gaps.isEmpty()) {
                unread.put(file, gaps);
            }
        });
        return unread;
    }

    /** Whether lines of these days came before the counter began. */
    boolean hasBefore() {
        return !before.isEmpty();
    }

    /** The model's rows, by its definition now, of all lines. */
    String all() {
        return daily("");
    }

    String read(Map<FileKey, Intervals> unread) {
        return daily(without(unread));
    }

    /** Of the lines that the counter counts. */
    String mine(Map<FileKey, Intervals> unread) {
        return daily(without(FileLines.either(unread, before)));
    }

    /** The same, joined to the dimensions that the stream has joined. */
    String joined(Map<FileKey, Intervals> unread, Marks marks, List<String> replays) {
        String rest = replays.isEmpty() ? "" : " AND o.seal_id NOT IN (" + SqlText.list(replays) + ")";
        if (log.dimensions().tables().isEmpty()) {
            return "(" + model(lines(days, without(FileLines.either(unread, before))) + rest, Map.of()) + ")";
        }
        List<String> parts = new ArrayList<>();
        Map<FileKey, Intervals> others = FileLines.either(unread, before);
        Map<String, String> newest = marks.dimensions();
        for (CounterPast.Joined joined : log.past().joined(marks)) {
            Map<FileKey, Intervals> lines = FileLines.minus(here(joined.lines()), before);
            if (!lines.isEmpty()) {
                parts.add(model(
                        lines(days, " LEFT SEMI JOIN " + intervals(lines)) + rest,
                        log.dimensions().ofVersions(joined.versions())));
                others = FileLines.either(others, lines);
            }
            newest = joined.versions();
        }
        if (!forgotten(marks).isEmpty()) {
            parts.add(
                    model(lines(days, without(others)) + rest, log.dimensions().ofVersions(newest)));
        }
        if (parts.isEmpty()) {
            parts.add(model(lines(days, "") + " AND FALSE", log.dimensions().ofDay(days.get(0))));
        }
        return "(" + String.join("\nUNION ALL\n", parts) + ")";
    }

    private List<FileKey> forgotten(Marks marks) {
        Map<FileKey, Intervals> read = log.past().read(marks);
        return extents.keySet().stream().filter(file -> !read.containsKey(file)).toList();
    }

    /** A row is joined to the dimensions of its day. */
    private String daily(String joins) {
        if (log.dimensions().tables().isEmpty()) {
            return "(" + model(lines(days, joins), Map.of()) + ")";
        }
        List<String> parts = days.stream()
                .map(day -> model(lines(List.of(day), joins), log.dimensions().ofDay(day)))
                .toList();
        return "(" + String.join("\nUNION ALL\n", parts) + ")";
    }

    private String model(String lines, Map<String, String> dimensions) {
        return "SELECT * FROM (\n" + StreamedSql.over(log.model(), log.source().table(), "(" + lines + ")", dimensions)
                + "\n)";
    }

    private String lines(List<String> some, String joins) {
        return "SELECT o.* FROM " + log.source().table() + " AS o" + joins + " WHERE " + isOf(some);
    }

    private static String without(Map<FileKey, Intervals> lines) {
        return lines.isEmpty() ? "" : " LEFT ANTI JOIN " + intervals(lines);
    }

    private static String intervals(Map<FileKey, Intervals> lines) {
        List<String> values = new ArrayList<>();
        lines.forEach((file, of) -> of.pairs()
                .forEach(p -> values.add("(" + SqlText.list(List.of(file.region(), file.host(), file.file())) + ", "
                        + p.get(0) + "L, " + p.get(1) + "L)")));
        return "(SELECT * FROM VALUES " + String.join(", ", values)
                + " AS v(region, host, file, start_offset, end_offset)) AS g ON COALESCE(o.region, '') = g.region"
                + " AND o.host = g.host AND o.file = g.file"
                + " AND o.line_offset >= g.start_offset AND o.line_offset < g.end_offset";
    }

    /** Those that may be lines of these days. */
    private Map<FileKey, Intervals> here(Map<FileKey, Intervals> lines) {
        Map<FileKey, Intervals> here = new HashMap<>();
        extents.forEach((file, extent) -> {
            Intervals part = lines.getOrDefault(file, new Intervals()).within(extent.start(), extent.end());
            if (!part.isEmpty()) {
                here.put(file, part);
            }
        });
        return here;
    }

    /** The replays of quarantined lines that loaded some of these days' lines. */
    List<String> replays() {
        if (sql.query("SHOW TABLES IN ods LIKE '" + QUARANTINE + "'").rows().isEmpty()) {
            return List.of();
        }
        return sql
                .query("SELECT DISTINCT o.seal_id FROM " + log.source().table() + " AS o JOIN ods." + QUARANTINE
                        + " AS q ON o.seal_id = q.replayed_by WHERE " + isOf(days) + " AND q.source = "
                        + SqlText.of(log.source().qualifiedName()))
                .rows()
                .stream()
                .map(row -> row.get(0).toString())
                .toList();
    }

    private static String isOf(List<String> days) {
        return "ds IN (" + SqlText.list(days) + ")";
    }

    private static long number(Object cell) {
        return ((Number) cell).longValue();
    }
}
