package io.granary.streaming.query;

import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.MeasureNode;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** The SQL of a counter over its model's rows, for those who count a day at once. */
public final class CounterSql {
    private CounterSql() {}

    /**
     * One row for each combination of {@code by} values, window and bucket, with columns {@code by_<i> STRING, win, bucket,
     * n} (rows) {@code , m_<i>}.
     *
     * @param windows of the counter's
     * @param rows relation with the model's columns: a name, or a subquery in parentheses
     */
    public static String of(ZonedCounter counter, List<String> windows, String rows) {
        CounterNode node = counter.node();
        List<String> select = new ArrayList<>(List.of("COUNT(*) AS n"));
        for (int i = 0; i < node.measures().size(); i++) {
            select.add(measure(node.measures().get(i)) + " AS m_" + i);
        }
        List<String> group =
                new ArrayList<>(node.by().stream().map(CounterSql::quoted).toList());
        group.addAll(List.of("__win", "__bucket"));
        return "SELECT " + bucketed(node) + ", " + String.join(", ", select) + from(counter, windows, rows)
                + "\nGROUP BY " + String.join(", ", group);
    }

    /** The members of a distinct measure: columns {@code by_<i> STRING, win, bucket, member STRING}, each row once. */
    public static String members(ZonedCounter counter, List<String> windows, MeasureNode measure, String rows) {
        String member = "CAST(" + quoted(measure.column()) + " AS STRING)";
        return "SELECT DISTINCT " + bucketed(counter.node()) + ", " + member + " AS member"
                + from(counter, windows, rows) + "\nWHERE " + member + " IS NOT NULL";
    }

    /**
     * What the sketches of a distinct measure hold: columns {@code by_<i> STRING, win, bucket, place INT}, of each register
     * that is not empty the highest place ({@code sketch_place}).
     */
    public static String places(ZonedCounter counter, List<String> windows, MeasureNode measure, String rows) {
        String keys = String.join(", ", columns(counter.node()));
        String member = "CAST(" + quoted(measure.column()) + " AS STRING)";
        return "SELECT " + keys + ", MAX(place) AS place FROM (SELECT " + bucketed(counter.node()) + ", sketch_place("
                + member + ") AS place" + from(counter, windows, rows) + "\nWHERE " + member
                + " IS NOT NULL)\nGROUP BY " + keys + ", SHIFTRIGHT(place, 6)";
    }

    /** Of each sketch one number, which no other has but by chance: columns {@code by_<i>, win, bucket, digest BIGINT}. */
    public static String digests(ZonedCounter counter, List<String> windows, MeasureNode measure, String rows) {
        String keys = String.join(", ", columns(counter.node()));
        return "SELECT " + keys + ", BIT_XOR(XXHASH64(place)) AS digest FROM ("
                + places(counter, windows, measure, rows) + ")\nGROUP BY " + keys;
    }

    private static List<String> columns(CounterNode node) {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < node.by().size(); i++) {
            columns.add("by_" + i);
        }
        columns.addAll(List.of("win", "bucket"));
        return columns;
    }

    private static String bucketed(CounterNode node) {
        List<String> select = new ArrayList<>();
        for (int i = 0; i < node.by().size(); i++) {
            select.add("CAST(" + quoted(node.by().get(i)) + " AS STRING) AS by_" + i);
        }
        select.add("__win AS win");
        select.add("__bucket AS bucket");
        return String.join(", ", select);
    }

    private static String from(ZonedCounter counter, List<String> windows, String rows) {
        CounterNode node = counter.node();
        List<String> buckets = windows.stream()
                .map(w -> "NAMED_STRUCT('win', '" + w + "', 'bucket', "
                        + bucket("CAST(" + quoted(node.time()) + " AS TIMESTAMP)", w, counter.zone()) + ")")
                .toList();
        return "\nFROM (SELECT * FROM " + rows + " WHERE " + quoted(node.time()) + " IS NOT NULL" + filter(node)
                + ")\nLATERAL VIEW INLINE(ARRAY(" + String.join(", ", buckets) + ")) AS __win, __bucket";
    }

    /** First second of the window that holds {@code time}, as {@link io.granary.warehouse.redis.Windows#bucket} has it. */
    public static String bucket(String time, String window, ZoneId zone) {
        String second = "UNIX_SECONDS(" + time + ")";
        return switch (window) {
            case "total" -> "0L";
            case "1d" ->
                "UNIX_SECONDS(TO_UTC_TIMESTAMP(DATE_TRUNC('DAY', FROM_UTC_TIMESTAMP(" + time + ", '" + zone + "')), '"
                        + zone + "'))";
            default -> {
                long length = io.granary.warehouse.redis.Windows.length(window).toSeconds();
                yield second + " - PMOD(" + second + ", " + length + "L)";
            }
        };
    }

    private static String filter(CounterNode node) {
        return node.where() == null || node.where().isBlank() ? "" : " AND (" + node.where() + "\n)";
    }

    private static String measure(MeasureNode measure) {
        return switch (measure.type()) {
            case "count" -> "COUNT(*)";
            case "sum" -> "SUM(" + quoted(measure.column()) + ")";
            default -> "COUNT(DISTINCT CAST(" + quoted(measure.column()) + " AS STRING))";
        };
    }

    private static String quoted(String column) {
        return "`" + column.replace("`", "``") + "`";
    }
}
