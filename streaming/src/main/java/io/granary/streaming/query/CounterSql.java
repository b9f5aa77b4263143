package io.granary.streaming.query;

import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.MeasureNode;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * The SQL of a counter over its model's rows: one row for each combination of {@code by} values, window and bucket, with
 * columns {@code by_<i>, win, bucket, m_<i>}.
 */
public final class CounterSql {
    private CounterSql() {}

    public static String of(ZonedCounter counter, String rows) {
        CounterNode node = counter.node();
        List<String> select = new ArrayList<>();
        List<String> group = new ArrayList<>();
        for (int i = 0; i < node.by().size(); i++) {
            select.add("CAST(" + quoted(node.by().get(i)) + " AS STRING) AS by_" + i);
            group.add(quoted(node.by().get(i)));
        }
        select.add("__win AS win");
        select.add("__bucket AS bucket");
        group.add("__win");
        group.add("__bucket");
        for (int i = 0; i < node.measures().size(); i++) {
            select.add(measure(node.measures().get(i)) + " AS m_" + i);
        }
        List<String> windows = node.windows().stream()
                .map(w -> "NAMED_STRUCT('win', '" + w + "', 'bucket', "
                        + bucket("CAST(" + quoted(node.time()) + " AS TIMESTAMP)", w, counter.zone()) + ")")
                .toList();
        return "SELECT " + String.join(", ", select)
                + "\nFROM (SELECT * FROM " + rows + " WHERE " + quoted(node.time()) + " IS NOT NULL" + filter(node)
                + ")\nLATERAL VIEW INLINE(ARRAY(" + String.join(", ", windows) + ")) AS __win, __bucket"
                + "\nGROUP BY " + String.join(", ", group);
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
