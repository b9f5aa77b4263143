package io.granary.streaming.reconcile;

import io.granary.streaming.checkpoint.Marks;
import io.granary.streaming.reconcile.Difference.Kind;
import io.granary.streaming.reconcile.Difference.Numbers;
import io.granary.streaming.reconcile.RedisNumbers.Held;
import io.granary.tablestore.SqlSession;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.redis.CounterReads;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.Comparator;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Compares the numbers of a counter in Redis with those of the batch table. Lines are looked at only when something
 * differs.
 *
 * @param marks what the stream has counted, as of now
 */
record Reconciliation(SqlSession sql, CounterReads redis, SourceNode source, ModelNode model, Supplier<Marks> marks) {
    private static final Comparator<Cell> ORDER = Comparator.comparing(Cell::window)
            .thenComparingLong(Cell::bucket)
            .thenComparing(Cell::by)
            .thenComparing(Cell::measure);

    /** The relation of the batch table's rows. */
    String published(CounterDay day) {
        return "(SELECT * FROM " + model.table() + " WHERE ds IN ('" + String.join("', '", day.days()) + "'))";
    }

    /** A difference that cannot be explained is looked at twice, as the stream may have gone on meanwhile. */
    Comparison compare(CounterDay day) {
        if (day.windows().isEmpty()) {
            return new Comparison(day, List.of(), List.of(), 0, 0);
        }
        SqlNumbers numbers = new SqlNumbers(sql, day);
        Map<Cell, Long> batch = numbers.of(published(day));
        Comparison first = compare(day, numbers, batch);
        return first.unexplained().isEmpty() ? first : compare(day, numbers, batch);
    }

    private Comparison compare(CounterDay day, SqlNumbers numbers, Map<Cell, Long> batch) {
        Marks counted = marks.get();
        Held held = new RedisNumbers(redis, day.counter()).read(day);
        Map<Cell, Long> expected = pooled(day, held, batch);
        Set<Cell> cells = new TreeSet<>(ORDER);
        cells.addAll(expected.keySet());
        cells.addAll(held.numbers().keySet());
        cells.removeIf(cell -> cell.isMore() && kind(day, cell) != Kind.ADDED);
        List<Cell> different = cells.stream()
                .filter(cell -> !held.numbers().getOrDefault(cell, 0L).equals(expected.getOrDefault(cell, 0L)))
                .toList();
        long more = held.numbers().entrySet().stream()
                .filter(n -> n.getKey().isMore() && n.getKey().measure().equals(Cell.ROWS))
                .mapToLong(Map.Entry::getValue)
                .sum();
        List<Comparison.Place> ranks = held.ranks().entrySet().stream()
                .map(r -> new Comparison.Place(
                        r.getKey(), r.getValue(), held.numbers().getOrDefault(r.getKey().cell(), 0L)))
                .toList();
        List<Difference> differences =
                different.isEmpty() ? List.of() : explain(day, numbers, different, held, expected, counted);
        return new Comparison(day, differences, ranks, cells.size(), more);
    }

    private List<Difference> explain(
            CounterDay day,
            SqlNumbers numbers,
            List<Cell> different,
            Held held,
            Map<Cell, Long> batch,
            Marks counted) {
        Lines lines = new Lines(sql, source, day.days());
        Map<Cell, Long> now = pooled(day, held, numbers.of(lines.all(model)));
        List<Lines.Gap> gaps = lines.gaps(counted);
        Map<Cell, Long> read = gaps.isEmpty() ? now : pooled(day, held, numbers.of(lines.read(model, gaps)));
        List<String> replays = lines.replays();
        Map<Cell, Long> well =
                replays.isEmpty() ? read : pooled(day, held, numbers.of(lines.readWell(model, gaps, replays)));
        Map<Cell, Long> dropped = pooled(day, held, held.uncounted());
        List<Difference> differences = new ArrayList<>();
        for (Cell cell : different) {
            Kind kind = kind(day, cell);
            Cell said = kind == Kind.ADDED ? cell : cell.of(Cell.ROWS);
            differences.add(Difference.of(
                    cell,
                    kind,
                    new Numbers(
                            held.numbers().getOrDefault(cell, 0L),
                            batch.getOrDefault(cell, 0L),
                            now.getOrDefault(cell, 0L),
                            read.getOrDefault(cell, 0L),
                            well.getOrDefault(cell, 0L),
                            dropped.getOrDefault(said, 0L))));
        }
        return differences;
    }

    /** What Redis had no room for is added up as it is there; members do not add up and are left out. */
    private static Map<Cell, Long> pooled(CounterDay day, Held held, Map<Cell, Long> numbers) {
        String name = day.counter().node().qualifiedName();
        Map<Cell, Long> pooled = new HashMap<>();
        numbers.forEach((cell, number) -> {
            Cell place = held.place(cell, cell.shard(name));
            if (place.equals(cell) || kind(day, cell) == Kind.ADDED) {
                pooled.merge(place, number, Long::sum);
            }
        });
        return pooled;
    }

    private static Kind kind(CounterDay day, Cell cell) {
        CounterNode counter = day.counter().node();
        MeasureNode measure = counter.measures().stream()
                .filter(m -> m.name().equals(cell.measure()))
                .findFirst()
                .orElse(null);
        if (measure == null || !(measure.keepsMembers() || measure.isSketch())) {
            return Kind.ADDED;
        }
        return measure.isSketch() ? Kind.SKETCH : Kind.DISTINCT;
    }

    /** Of distinct measures: the cells of {@code comparison} that differ. */
    static Map<MeasureNode, Set<Cell>> members(Comparison comparison) {
        return comparison.day().counter().node().measures().stream()
                .filter(m -> m.keepsMembers() || m.isSketch())
                .collect(Collectors.toMap(
                        m -> m,
                        m -> comparison.differences().stream()
                                .map(Difference::cell)
                                .filter(c -> c.measure().equals(m.name()))
                                .collect(Collectors.toSet())));
    }
}
