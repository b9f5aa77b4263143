package io.granary.streaming.reconcile;

import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The dimensions that a model joins.
 *
 * @param tables {@code database.table}
 * @param published what readers of a table see now
 */
record Dimensions(SqlSession sql, List<String> tables, Function<String, List<PublishedPartition>> published) {
    static final Dimensions NONE = new Dimensions(null, List.of(), table -> List.of());

    /** By table, its rows of a day, or of the newest before while the day is not built. */
    Map<String, String> ofDay(String ds) {
        Map<String, String> rows = new LinkedHashMap<>();
        for (String table : tables) {
            String columns = sql.query("SELECT * FROM " + table + " LIMIT 0").columns().stream()
                    .filter(column -> !column.equals("ds"))
                    .map(column -> "`" + column + "`")
                    .collect(Collectors.joining(", "));
            String day = days(table)
                    .filter(p -> day(p).compareTo(ds) <= 0)
                    .max(Comparator.comparing(Dimensions::day))
                    .map(Dimensions::day)
                    .orElse(ds);
            rows.put(table, "(SELECT " + columns + " FROM " + table + " WHERE ds = '" + day + "')");
        }
        return rows;
    }

    /**
     * By table, the rows of a version, which readers may no longer see.
     *
     * @param versions by table, {@code ds=<day> <run id>}, as the marks have them
     * @throws GranaryException NOT_FOUND when its files are gone
     */
    Map<String, String> ofVersions(Map<String, String> versions) {
        Map<String, String> rows = new LinkedHashMap<>();
        tables.forEach(table -> rows.put(table, version(table, versions.get(table))));
        return rows;
    }

    private String version(String table, String version) {
        if (version == null) {
            throw gone(table, "the version that was joined is not known", null);
        }
        String ds = version.substring("ds=".length(), version.indexOf(' '));
        String run = version.substring(version.indexOf(' ') + 1);
        Optional<PublishedPartition> now =
                days(table).filter(p -> day(p).equals(ds)).findFirst();
        if (now.isEmpty()) {
            throw gone(table, "day " + ds + " is not published any more", null);
        }
        String folder = now.get().location().replace("/v=" + now.get().run() + "/", "/v=" + run + "/");
        String rows = "(SELECT * FROM orc.`" + folder + "`)";
        try {
            sql.query("SELECT * FROM " + rows + " LIMIT 0");
        } catch (GranaryException e) {
            throw gone(table, folder + " cannot be read: " + e.getMessage(), e);
        }
        return rows;
    }

    private static GranaryException gone(String table, String why, GranaryException cause) {
        return new GranaryException(
                ErrorCode.NOT_FOUND,
                "the stream joined a version of " + table + " that is not there any more (" + why
                        + "), so what it counted cannot be compared. Reconcile sooner, or keep versions for longer"
                        + " (`granary gc`).",
                cause);
    }

    private java.util.stream.Stream<PublishedPartition> days(String table) {
        return published.apply(table).stream().filter(p -> p.spec().entries().size() == 1);
    }

    private static String day(PublishedPartition partition) {
        return partition.spec().values().get(0);
    }
}
