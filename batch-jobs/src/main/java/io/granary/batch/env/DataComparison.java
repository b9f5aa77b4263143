package io.granary.batch.env;

import io.granary.batch.env.DataDifference.Change;
import io.granary.batch.env.DataDifference.Example;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Compares the rows of two tables where they are, by one scan of each: by a key, or as wholes. */
final class DataComparison {
    private static final int EXAMPLES = 10;
    private static final String NUMBER = "tinyint|smallint|int|bigint|float|double|decimal.*";

    private final SqlSession session;
    private final TableName here;
    private final TableName there;
    private final String predicate;
    private final Map<String, String> typesHere;
    private final Map<String, String> typesThere;

    /**
     * @param predicate on the partition columns, which rows are compared
     * @param typesHere the columns that both tables have, with their types; {@code typesThere} likewise
     */
    DataComparison(
            SqlSession session,
            TableName here,
            TableName there,
            String predicate,
            Map<String, String> typesHere,
            Map<String, String> typesThere) {
        this.session = session;
        this.here = here;
        this.there = there;
        this.predicate = predicate;
        this.typesHere = typesHere;
        this.typesThere = typesThere;
    }

    /** @param key columns that name a row; where it does not do so on both sides, rows are compared as wholes */
    DataDifference of(List<String> key, String days) {
        boolean byKey = !key.isEmpty() && typesHere.keySet().containsAll(key) && isUnique(key);
        return byKey ? byKey(key, days) : asWholes(days);
    }

    private boolean isUnique(List<String> key) {
        String columns = list(key);
        return session.query("WITH " + sides() + "\nSELECT count(*) FROM (\n    SELECT 1 FROM here GROUP BY " + columns
                                + " HAVING count(*) > 1\n    UNION ALL\n    SELECT 1 FROM there GROUP BY " + columns
                                + " HAVING count(*) > 1\n)")
                        .single()
                == 0;
    }

    private DataDifference byKey(List<String> key, String days) {
        List<String> values =
                typesHere.keySet().stream().filter(c -> !key.contains(c)).toList();
        String same = values.isEmpty()
                ? "TRUE"
                : values.stream().map(DataComparison::same).collect(Collectors.joining(" AND "));
        String joined = "FROM here AS h FULL OUTER JOIN there AS t ON "
                + key.stream().map(DataComparison::same).collect(Collectors.joining(" AND "));
        String both = "h.granary_side IS NOT NULL AND t.granary_side IS NOT NULL";
        List<Object> counts = session.query("WITH " + sides()
                        + "\nSELECT count(h.granary_side), count(t.granary_side), count_if(t.granary_side IS NULL),"
                        + " count_if(h.granary_side IS NULL), count_if(" + both + " AND NOT (" + same + "))"
                        + values.stream()
                                .map(c -> ",\n    count_if(" + both + " AND NOT (" + same(c) + "))")
                                .collect(Collectors.joining())
                        + "\n" + joined)
                .rows()
                .get(0);
        Map<String, Long> columns = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            if (number(counts.get(5 + i)) > 0) {
                columns.put(values.get(i), number(counts.get(5 + i)));
            }
        }
        DataDifference found = new DataDifference(
                days,
                key,
                number(counts.get(0)),
                number(counts.get(1)),
                number(counts.get(2)),
                number(counts.get(3)),
                number(counts.get(4)),
                columns,
                List.of());
        return found.isEmpty() ? found : withExamples(found, examples(key, values, same, joined));
    }

    private List<Example> examples(List<String> key, List<String> values, String same, String joined) {
        String keys = key.stream()
                .map(c -> "coalesce(h." + quote(c) + ", t." + quote(c) + ")")
                .collect(Collectors.joining(", "));
        String cells = values.stream()
                .map(c -> ", CAST(h." + quote(c) + " AS STRING), CAST(t." + quote(c) + " AS STRING)")
                .collect(Collectors.joining());
        String kind = "CASE WHEN t.granary_side IS NULL THEN 'only here' WHEN h.granary_side IS NULL THEN 'only there'"
                + " ELSE 'different' END";
        List<Example> examples = new ArrayList<>();
        for (List<Object> row : session.query("WITH " + sides() + "\nSELECT " + kind + ", " + keys + cells + "\n"
                        + joined + "\nWHERE t.granary_side IS NULL OR h.granary_side IS NULL OR NOT (" + same
                        + ")\nORDER BY " + keys + "\nLIMIT " + EXAMPLES)
                .rows()) {
            examples.add(example(row, key, values));
        }
        return examples;
    }

    private static Example example(List<Object> row, List<String> key, List<String> values) {
        String kind = text(row.get(0));
        Map<String, String> named = new LinkedHashMap<>();
        for (int i = 0; i < key.size(); i++) {
            named.put(key.get(i), text(row.get(1 + i)));
        }
        Map<String, Change> changes = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            String here = text(row.get(1 + key.size() + 2 * i));
            String there = text(row.get(2 + key.size() + 2 * i));
            if (!kind.equals("different") || !Objects.equals(here, there)) {
                changes.put(values.get(i), new Change(here, there));
            }
        }
        return new Example(kind, named, changes);
    }

    private DataDifference asWholes(String days) {
        String columns = list(List.copyOf(typesHere.keySet()));
        String onlyHere = "SELECT " + columns + " FROM here EXCEPT ALL SELECT " + columns + " FROM there";
        String onlyThere = "SELECT " + columns + " FROM there EXCEPT ALL SELECT " + columns + " FROM here";
        List<Object> counts = session.query("WITH " + sides() + "\nSELECT (SELECT count(*) FROM here), (SELECT count(*)"
                        + " FROM there), (SELECT count(*) FROM (" + onlyHere + ")), (SELECT count(*) FROM (" + onlyThere
                        + "))")
                .rows()
                .get(0);
        DataDifference found = new DataDifference(
                days,
                List.of(),
                number(counts.get(0)),
                number(counts.get(1)),
                number(counts.get(2)),
                number(counts.get(3)),
                0,
                Map.of(),
                List.of());
        if (found.isEmpty()) {
            return found;
        }
        List<Example> examples = new ArrayList<>(rows("only here", onlyHere, EXAMPLES / 2));
        examples.addAll(rows("only there", onlyThere, EXAMPLES - examples.size()));
        return withExamples(found, examples);
    }

    private List<Example> rows(String kind, String query, int limit) {
        List<String> columns = List.copyOf(typesHere.keySet());
        String cells =
                columns.stream().map(c -> "CAST(" + quote(c) + " AS STRING)").collect(Collectors.joining(", "));
        List<Example> examples = new ArrayList<>();
        for (List<Object> row : session.query(
                        "WITH " + sides() + "\nSELECT " + cells + " FROM (" + query + ") LIMIT " + limit)
                .rows()) {
            Map<String, String> named = new LinkedHashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                named.put(columns.get(i), text(row.get(i)));
            }
            examples.add(new Example(kind, named, Map.of()));
        }
        return examples;
    }

    private static DataDifference withExamples(DataDifference found, List<Example> examples) {
        return new DataDifference(
                found.days(),
                found.key(),
                found.rowsHere(),
                found.rowsThere(),
                found.onlyHere(),
                found.onlyThere(),
                found.different(),
                found.columns(),
                List.copyOf(examples));
    }

    private String sides() {
        return "here AS (" + side(here) + "),\nthere AS (" + side(there) + ")";
    }

    private String side(TableName table) {
        return "SELECT 1 AS granary_side, "
                + typesHere.keySet().stream().map(this::comparable).collect(Collectors.joining(", ")) + " FROM " + table
                + " WHERE " + predicate;
    }

    /** Maps cannot be compared, and other types only when the engine makes them one. */
    private String comparable(String column) {
        String one = typesHere.get(column);
        String other = typesThere.get(column);
        if (one.contains("map<") || other.contains("map<")) {
            return "to_json(struct(" + quote(column) + ")) AS " + quote(column);
        }
        boolean asTheyAre = one.equals(other) || one.matches(NUMBER) && other.matches(NUMBER);
        return asTheyAre ? quote(column) : "CAST(" + quote(column) + " AS STRING) AS " + quote(column);
    }

    private static String same(String column) {
        return "h." + quote(column) + " <=> t." + quote(column);
    }

    private static String list(List<String> columns) {
        return columns.stream().map(DataComparison::quote).collect(Collectors.joining(", "));
    }

    private static String quote(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    private static long number(Object cell) {
        return ((Number) cell).longValue();
    }

    private static String text(Object cell) {
        return cell == null ? null : String.valueOf(cell);
    }
}
