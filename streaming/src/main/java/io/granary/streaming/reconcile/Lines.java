package io.granary.streaming.reconcile;

import io.granary.streaming.checkpoint.FileKey;
import io.granary.streaming.checkpoint.Intervals;
import io.granary.streaming.checkpoint.Marks;
import io.granary.streaming.query.StreamedSql;
import io.granary.tablestore.SqlSession;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.SourceNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The lines of some days as the warehouse has them now, and which of them the stream has counted.
 *
 * @param days {@code ds} of the ODS table
 */
record Lines(SqlSession sql, SourceNode source, List<String> days) {
    private static final String QUARANTINE = "granary_quarantine";

    /** A stretch of a file that the stream has not read. */
    record Gap(FileKey file, long start, long end) {}

    /** The model's rows, by its definition now, of all lines. */
    String all(ModelNode model) {
        return model(model, "SELECT * FROM " + source.table() + " WHERE " + ofDays());
    }

    /** The same, of the lines that the stream has read. */
    String read(ModelNode model, List<Gap> gaps) {
        return model(model, without(gaps));
    }

    /** The same, without those that it could not read and that were loaded from quarantine later. */
    String readWell(ModelNode model, List<Gap> gaps, List<String> replays) {
        return model(model, "SELECT * FROM (" + without(gaps) + ") WHERE seal_id NOT IN (" + texts(replays) + ")");
    }

    private String model(ModelNode model, String lines) {
        return "(\n" + StreamedSql.over(model, source.table(), "(" + lines + ")", Map.of()) + "\n)";
    }

    private String without(List<Gap> gaps) {
        String lines = "SELECT o.* FROM " + source.table() + " AS o";
        if (gaps.isEmpty()) {
            return lines + " WHERE " + ofDays();
        }
        List<String> values = gaps.stream()
                .map(g -> "("
                        + texts(List.of(
                                g.file().region(), g.file().host(), g.file().file())) + ", " + g.start() + "L, "
                        + g.end() + "L)")
                .toList();
        return lines + " LEFT ANTI JOIN (SELECT * FROM VALUES " + String.join(", ", values)
                + " AS v(region, host, file, start_offset, end_offset)) AS g ON COALESCE(o.region, '') = g.region"
                + " AND o.host = g.host AND o.file = g.file"
                + " AND o.line_offset >= g.start_offset AND o.line_offset < g.end_offset WHERE " + ofDays();
    }

    /** What of the files that have lines of these days does not lie in the marks. */
    List<Gap> gaps(Marks marks) {
        Map<FileKey, Intervals> counted = marks.counted();
        List<Gap> gaps = new ArrayList<>();
        String files = "SELECT COALESCE(region, ''), host, file, MIN(line_offset), MAX(line_offset) + 1 FROM "
                + source.table() + " WHERE " + ofDays() + " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3";
        for (List<Object> row : sql.query(files).rows()) {
            FileKey file = new FileKey(
                    row.get(0).toString(), row.get(1).toString(), row.get(2).toString());
            counted.getOrDefault(file, new Intervals())
                    .without(number(row.get(3)), number(row.get(4)))
                    .pairs()
                    .forEach(gap -> gaps.add(new Gap(file, gap.get(0), gap.get(1))));
        }
        return gaps;
    }

    /** The replays of quarantined lines that loaded some of these days' lines. */
    List<String> replays() {
        if (sql.query("SHOW TABLES IN ods LIKE '" + QUARANTINE + "'").rows().isEmpty()) {
            return List.of();
        }
        return sql
                .query("SELECT DISTINCT o.seal_id FROM " + source.table() + " AS o JOIN ods." + QUARANTINE
                        + " AS q ON o.seal_id = q.replayed_by WHERE " + ofDays() + " AND q.source = "
                        + texts(List.of(source.qualifiedName())))
                .rows()
                .stream()
                .map(row -> row.get(0).toString())
                .toList();
    }

    private String ofDays() {
        return "ds IN (" + texts(days) + ")";
    }

    private static long number(Object cell) {
        return ((Number) cell).longValue();
    }

    private static String texts(List<String> texts) {
        return String.join(
                ", ",
                texts.stream()
                        .map(t -> "'" + t.replace("\\", "\\\\").replace("'", "\\'") + "'")
                        .toList());
    }
}
