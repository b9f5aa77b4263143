package io.granary.streaming.reconcile;

import io.granary.streaming.reconcile.Difference.Kind;
import io.granary.streaming.reconcile.Difference.Numbers;
import io.granary.streaming.reconcile.RedisNumbers.Held;
import io.granary.tablestore.SqlSession;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.CounterNode;
import io.granary.warehouse.manifest.MeasureNode;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.redis.CounterReads;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Compares the numbers of a counter in Redis with those of the batch table. Lines are looked at only when something
 * differs.
 */
record Reconciliation(SqlSession sql, CounterReads redis, SourceNode source, ModelNode model, StreamMarks marks) {
    private static final int TRIES = 30;
    private static final long PAUSE_MS = 1000;
    private static final Comparator<Cell> ORDER = Comparator.comparing(Cell::window)
            .thenComparingLong(Cell::bucket)
            .thenComparing(Cell::by)
            .thenComparing(Cell::measure);

    /** The relation of the batch table's rows. */
    String published(CounterDay day) {
        return "(SELECT * FROM " + model.table() + " WHERE ds IN ('" + String.join("', '", day.days()) + "'))";
    }

    /**
     * Compares all numbers of the day.
     *
     * @throws GranaryException BUSY when the stream goes on counting lines of the day
     */
    Comparison compare(CounterDay day) {
        if (day.windows().isEmpty()) {
            return new Comparison(day, List.of(), List.of(), 0, 0);
        }
        SqlNumbers numbers = new SqlNumbers(sql, day);
        Map<Cell, Long> batch = numbers.of(published(day));
        RedisNumbers redisNumbers = new RedisNumbers(redis, day.counter());
        Held held = redisNumbers.read(day);
        if (different(day, held, pooled(day, held, batch)).isEmpty()) {
            return comparison(day, held, batch, List.of());
        }
        Lines lines = new Lines(sql, source, day.days());
        for (int i = 0; i < TRIES; i++) {
            List<Lines.Gap> gaps = lines.gaps(marks.complete());
            held = redisNumbers.read(day);
            // what Redis says lies between both; today's lines move the marks, but not in the day's lines
            if (gaps.equals(lines.gaps(marks.stored()))) {
                return comparison(day, held, batch, explain(day, numbers, held, batch, lines, gaps));
            }
            pause();
        }
        throw new GranaryException(
                ErrorCode.BUSY,
                "the stream is still counting lines of " + day.ds() + " of " + source.qualifiedName()
                        + ", so " + day.counter().node().qualifiedName()
                        + " cannot be compared yet. Run it again when `granary counters` shows no lag.");
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GranaryException(ErrorCode.EXTERNAL, "interrupted while waiting for the stream", e);
        }
    }

    private static Set<Cell> cells(CounterDay day, Held held, Map<Cell, Long> expected) {
        Set<Cell> cells = new TreeSet<>(ORDER);
        cells.addAll(expected.keySet());
        cells.addAll(held.numbers().keySet());
        cells.removeIf(cell -> cell.isMore() && kind(day, cell) != Kind.ADDED);
        return cells;
    }

    private static List<Cell> different(CounterDay day, Held held, Map<Cell, Long> expected) {
        return cells(day, held, expected).stream()
                .filter(cell -> !held.numbers().getOrDefault(cell, 0L).equals(expected.getOrDefault(cell, 0L)))
                .toList();
    }

    private static Comparison comparison(
            CounterDay day, Held held, Map<Cell, Long> batch, List<Difference> differences) {
        long more = held.numbers().entrySet().stream()
                .filter(n -> n.getKey().isMore() && n.getKey().measure().equals(Cell.ROWS))
                .mapToLong(Map.Entry::getValue)
                .sum();
        List<Comparison.Place> ranks = held.ranks().entrySet().stream()
                .map(r -> new Comparison.Place(
                        r.getKey(),
                        r.getValue(),
                        held.numbers().getOrDefault(r.getKey().cell(), 0L)))
                .toList();
        int cells = cells(day, held, pooled(day, held, batch)).size();
        return new Comparison(day, differences, ranks, cells, more);
    }

    private List<Difference> explain(
            CounterDay day,
            SqlNumbers numbers,
            Held held,
            Map<Cell, Long> published,
            Lines lines,
            List<Lines.Gap> gaps) {
        Map<Cell, Long> batch = pooled(day, held, published);
        List<Cell> different = different(day, held, batch);
        Map<Cell, Long> now = pooled(day, held, numbers.of(lines.all(model)));
        Map<Cell, Long> read = gaps.isEmpty() ? now : pooled(day, held, numbers.of(lines.read(model, gaps)));
        List<String> replays = lines.replays();
        Map<Cell, Long> well =
                replays.isEmpty() ? read : pooled(day, held, numbers.of(lines.readWell(model, gaps, replays)));
        Map<Cell, Long> dropped = pooled(day, held, new RedisNumbers(redis, day.counter()).uncounted(different));
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
