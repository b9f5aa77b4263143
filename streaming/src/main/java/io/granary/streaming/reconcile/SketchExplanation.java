package io.granary.streaming.reconcile;

import io.granary.streaming.reconcile.Difference.Kind;
import io.granary.streaming.reconcile.Difference.Numbers;
import io.granary.streaming.reconcile.RedisNumbers.Held;
import io.granary.warehouse.manifest.MeasureNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Sketches are compared with those that Redis would have made of the lines that were counted: by one number each, and
 * register by register where that is another one. Only of the latter the registers are held, a few sketches at a time.
 *
 * @param joinedRows of all lines that were counted
 * @param wellRows of those that the stream could read
 */
record SketchExplanation(Reconciliation reconciliation, Scope scope, String joinedRows, String wellRows) {
    /** Sketches of a counter that are looked at register by register; the rest is judged by its bound. */
    static final int LOOKED_AT = 2000;

    private static final int PAGE = 50;

    List<Difference> of(List<Cell> cells, Held held, Explanation.Steps steps) {
        Map<Cell, Long> well = counted().digests(wellRows);
        List<Difference> differences = new ArrayList<>();
        Map<MeasureNode, List<Cell>> others = new HashMap<>();
        for (Cell cell : cells) {
            boolean isAlone = !steps.notSealed.members().containsKey(cell);
            if (isAlone && Objects.equals(well.get(cell), held.digests().get(cell))) {
                Numbers numbers = steps.numbers(cell, Kind.SKETCH);
                long quarantined = numbers.readWell() - numbers.joined();
                differences.add(Difference.ofSketch(cell, numbers, 0, quarantined, 0));
            } else {
                others.computeIfAbsent(scope.measure(cell), m -> new ArrayList<>())
                        .add(cell);
            }
        }
        others.forEach((measure, of) -> {
            for (int from = 0; from < of.size(); from += PAGE) {
                List<Cell> page = of.subList(from, Math.min(from + PAGE, of.size()));
                differences.addAll(from < LOOKED_AT ? registers(measure, page, steps) : bounded(page, steps));
            }
        });
        return differences;
    }

    private SqlNumbers counted() {
        return new SqlNumbers(
                reconciliation.sql(), scope, reconciliation.log().past().counted());
    }

    private List<Difference> registers(MeasureNode measure, List<Cell> page, Explanation.Steps steps) {
        SqlNumbers counted = counted();
        Map<Cell, Sketch> found = new RedisNumbers(reconciliation.redis(), scope.counter()).sketches(measure, page);
        Map<Cell, Sketch> well = counted.sketches(measure, page, wellRows);
        Map<Cell, Sketch> joined = joinedRows.equals(wellRows) ? well : counted.sketches(measure, page, joinedRows);
        Map<Cell, Sketch> batch = new SqlNumbers(reconciliation.sql(), scope, scope.counter())
                .sketches(measure, page, reconciliation.published(scope));
        List<Difference> differences = new ArrayList<>();
        for (Cell cell : page) {
            Sketch more = new Sketch();
            steps.notSealed.members().getOrDefault(cell, Set.of()).forEach(more::add);
            differences.add(new Registers(
                            cell,
                            found.get(cell),
                            well.getOrDefault(cell, new Sketch()),
                            joined.getOrDefault(cell, new Sketch()),
                            batch.getOrDefault(cell, new Sketch()),
                            more)
                    .difference(steps.numbers(cell, Kind.SKETCH)));
        }
        return differences;
    }

    /** The sketch that was found and those that could be right. */
    private record Registers(Cell cell, Sketch found, Sketch well, Sketch joined, Sketch batch, Sketch more) {
        Difference difference(Numbers n) {
            Sketch right = well.with(more);
            Numbers numbers = new Numbers(
                    n.redis(),
                    n.batch(),
                    n.now(),
                    n.read(),
                    n.mine(),
                    n.joined(),
                    n.readWell(),
                    right.estimate() - well.estimate(),
                    n.dropped());
            long quarantined = n.readWell() - n.joined();
            if (found.digest() == right.digest()) {
                return Difference.ofSketch(cell, numbers, 0, quarantined, 0);
            }
            boolean isWhole = found.digest() == joined.with(more).digest();
            // a correction adds what the table has
            boolean isCorrected = found.digest() == right.with(batch).digest();
            if (isWhole || isCorrected) {
                return Difference.ofSketch(cell, numbers, 0, isWhole ? 0 : quarantined, 0);
            }
            boolean isMore = found.exceeds(right);
            long wrong = found.estimate() - right.estimate();
            if (!isMore && n.dropped() > 0) {
                long dropped = Math.max(-n.dropped(), Math.min(0, wrong));
                return Difference.ofSketch(cell, numbers, dropped, quarantined, wrong - dropped);
            }
            long atLeast = wrong == 0 ? isMore ? 1 : -1 : wrong;
            return Difference.ofSketch(cell, numbers, 0, quarantined, atLeast);
        }
    }

    private static List<Difference> bounded(List<Cell> page, Explanation.Steps steps) {
        List<Difference> differences = new ArrayList<>();
        for (Cell cell : page) {
            Numbers n = steps.numbers(cell, Kind.SKETCH);
            long rest = n.redis() - n.readWell();
            boolean isWithin = Math.abs(rest) <= Difference.bound(n.readWell());
            differences.add(Difference.ofSketch(cell, n, 0, n.readWell() - n.joined(), isWithin ? 0 : rest));
        }
        return differences;
    }
}
