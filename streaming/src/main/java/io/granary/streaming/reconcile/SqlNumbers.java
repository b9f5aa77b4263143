package io.granary.streaming.reconcile;

import io.granary.streaming.query.CounterSql;
import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.tablestore.SqlSession;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.redis.RedisKeys;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * A counter's numbers by SQL over rows of its model.
 *
 * @param counter as it is counted: with the condition on the time of events that it has
 */
record SqlNumbers(SqlSession sql, Scope day, ZonedCounter counter) {
    /** Cells of which one query asks. */
    private static final int CELLS = 50;

    /**
     * All numbers that are not 0.
     *
     * @param rows relation with the model's columns
     */
    Map<Cell, Long> of(String rows) {
        CounterNode node = counter.node();
        int dimensions = node.by().size();
        Map<Cell, Long> numbers = new HashMap<>();
        for (List<Object> row :
                sql.query(CounterSql.of(counter, day.windows(), rows)).rows()) {
            Cell cell = cell(row, dimensions);
            if (!day.holds(cell)) {
                continue;
            }
            put(numbers, cell, row.get(dimensions + 2));
            for (int i = 0; i < node.measures().size(); i++) {
                put(numbers, cell.of(node.measures().get(i).name()), row.get(dimensions + 3 + i));
            }
        }
        return numbers;
    }

    /** The digests of all sketches that are not empty, one number each. */
    Map<Cell, Long> digests(String rows) {
        Map<Cell, Long> digests = new HashMap<>();
        int dimensions = counter.node().by().size();
        for (MeasureNode measure : counter.node().measures()) {
            if (!measure.isSketch()) {
                continue;
            }
            String select = CounterSql.digests(counter, day.windows(), measure, rows);
            for (List<Object> row : sql.query(select).rows()) {
                Cell cell = cell(row, dimensions);
                if (day.holds(cell)) {
                    put(digests, cell.of(measure.name()), row.get(dimensions + 2));
                }
            }
        }
        return digests;
    }

    /** The members of a distinct measure in some cells. */
    Map<Cell, Set<String>> members(MeasureNode measure, Collection<Cell> cells, String rows) {
        Map<Cell, Set<String>> members = new HashMap<>();
        String all = CounterSql.members(counter, day.windows(), measure, rows);
        ask(
                measure,
                cells,
                all,
                (cell, member) ->
                        members.computeIfAbsent(cell, c -> new HashSet<>()).add(member.toString()));
        return members;
    }

    /** The sketches of a distinct measure in some cells, as Redis would have made them: 16 KB each. */
    Map<Cell, Sketch> sketches(MeasureNode measure, Collection<Cell> cells, String rows) {
        Map<Cell, Sketch> sketches = new HashMap<>();
        String all = CounterSql.places(counter, day.windows(), measure, rows);
        ask(
                measure,
                cells,
                all,
                (cell, place) ->
                        sketches.computeIfAbsent(cell, c -> new Sketch()).add(((Number) place).intValue()));
        return sketches;
    }

    private void ask(MeasureNode measure, Collection<Cell> cells, String select, BiConsumer<Cell, Object> found) {
        int dimensions = counter.node().by().size();
        List<Cell> all = List.copyOf(cells);
        for (int from = 0; from < all.size(); from += CELLS) {
            String which = all.subList(from, Math.min(from + CELLS, all.size())).stream()
                    .map(this::isOf)
                    .collect(Collectors.joining("\nOR "));
            for (List<Object> row :
                    sql.query("SELECT * FROM (" + select + ")\nWHERE " + which).rows()) {
                found.accept(cell(row, dimensions).of(measure.name()), row.get(dimensions + 2));
            }
        }
    }

    private String isOf(Cell cell) {
        List<String> values = RedisKeys.decodeBy(cell.by(), counter.node().by().size());
        StringBuilder is = new StringBuilder("win = '" + cell.window() + "' AND bucket = " + cell.bucket() + "L");
        for (int i = 0; i < values.size(); i++) {
            is.append(" AND by_").append(i).append(" <=> ").append(SqlText.of(values.get(i)));
        }
        return "(" + is + ")";
    }

    private static Cell cell(List<Object> row, int dimensions) {
        List<String> values = new ArrayList<>();
        for (Object value : row.subList(0, dimensions)) {
            values.add(value == null ? null : value.toString());
        }
        long bucket = ((Number) row.get(dimensions + 1)).longValue();
        return new Cell(row.get(dimensions).toString(), bucket, RedisKeys.encodeBy(values), Cell.ROWS);
    }

    private static void put(Map<Cell, Long> numbers, Cell cell, Object number) {
        if (number instanceof Number n && n.longValue() != 0) {
            numbers.put(cell, n.longValue());
        }
    }
}
