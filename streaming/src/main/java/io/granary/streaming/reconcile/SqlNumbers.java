package io.granary.streaming.reconcile;

import io.granary.streaming.query.CounterSql;
import io.granary.tablestore.SqlSession;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.redis.RedisKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A counter's numbers of a day by SQL over rows of its model. */
record SqlNumbers(SqlSession sql, CounterDay day) {
    /**
     * All numbers that are not 0.
     *
     * @param rows relation with the model's columns
     */
    Map<Cell, Long> of(String rows) {
        CounterNode counter = day.counter().node();
        int dimensions = counter.by().size();
        Map<Cell, Long> numbers = new HashMap<>();
        for (List<Object> row :
                sql.query(CounterSql.of(day.counter(), day.windows(), rows)).rows()) {
            Cell cell = cell(row, dimensions);
            if (!day.holds(cell)) {
                continue;
            }
            put(numbers, cell, row.get(dimensions + 2));
            for (int i = 0; i < counter.measures().size(); i++) {
                put(numbers, cell.of(counter.measures().get(i).name()), row.get(dimensions + 3 + i));
            }
        }
        return numbers;
    }

    /** The members of a distinct measure in some cells. */
    Map<Cell, Set<String>> members(MeasureNode measure, Set<Cell> cells, String rows) {
        int dimensions = day.counter().node().by().size();
        List<String> windows = cells.stream().map(Cell::window).distinct().toList();
        String buckets = String.join(
                ", ", cells.stream().map(c -> c.bucket() + "L").distinct().toList());
        String select =
                CounterSql.members(day.counter(), windows, measure, rows) + " AND __bucket IN (" + buckets + ")";
        Map<Cell, Set<String>> members = new HashMap<>();
        for (List<Object> row : sql.query(select).rows()) {
            Cell cell = cell(row, dimensions).of(measure.name());
            if (cells.contains(cell)) {
                members.computeIfAbsent(cell, c -> new HashSet<>())
                        .add(row.get(dimensions + 2).toString());
            }
        }
        return members;
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
