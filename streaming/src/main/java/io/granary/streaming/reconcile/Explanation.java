package io.granary.streaming.reconcile;

import io.granary.streaming.checkpoint.FileKey;
import io.granary.streaming.checkpoint.Intervals;
import io.granary.streaming.checkpoint.Marks;
import io.granary.streaming.reconcile.Difference.Kind;
import io.granary.streaming.reconcile.Difference.Numbers;
import io.granary.streaming.reconcile.RedisNumbers.Held;
import io.granary.tablestore.SqlSession;
import io.granary.warehouse.manifest.MeasureNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Why numbers differ: the counter's SQL over fewer and fewer lines, from all that are there to those that it has counted.
 * Each step's numbers are computed once.
 */
final class Explanation {
    private final Reconciliation reconciliation;
    private final Scope scope;
    private final Map<FileKey, Intervals> unread;
    private final String joinedRows;
    private final String wellRows;
    private final Map<Cell, Long> now;
    private final Map<Cell, Long> read;
    private final Map<Cell, Long> mine;
    private final Map<Cell, Long> joined;
    private final Map<Cell, Long> well;

    /** @param unread lines that the stream is yet to read, of {@code marks} */
    Explanation(Reconciliation reconciliation, Scope scope, Lines lines, Map<FileKey, Intervals> unread, Marks marks) {
        CountedLog log = reconciliation.log();
        SqlSession sql = reconciliation.sql();
        this.reconciliation = reconciliation;
        this.scope = scope;
        this.unread = unread;
        SqlNumbers all = new SqlNumbers(sql, scope, scope.counter());
        SqlNumbers counted = counted();
        boolean hasStart = lines.hasBefore() || !log.past().counted().equals(scope.counter());
        boolean hasDimensions = !log.dimensions().tables().isEmpty();
        List<String> replays = lines.replays();
        now = all.of(lines.all());
        read = unread.isEmpty() ? now : all.of(lines.read(unread));
        mine = hasStart ? counted.of(lines.mine(unread)) : read;
        joinedRows = lines.joined(unread, marks, List.of());
        joined = hasDimensions ? counted.of(joinedRows) : mine;
        wellRows = lines.joined(unread, marks, replays);
        well = replays.isEmpty() ? joined : counted.of(wellRows);
    }

    private SqlNumbers counted() {
        return new SqlNumbers(
                reconciliation.sql(), scope, reconciliation.log().past().counted());
    }

    boolean isOf(Map<FileKey, Intervals> gaps) {
        return unread.equals(gaps);
    }

    /**
     * @param different cells that differ
     * @param batch numbers of the published table
     * @param notSealed what lines give that are not there yet
     */
    List<Difference> of(Collection<Cell> different, Held held, Map<Cell, Long> batch, DeltaNumbers notSealed) {
        List<Difference> differences = new ArrayList<>();
        Steps steps = new Steps(held, batch, notSealed, different);
        List<Cell> sketches = new ArrayList<>();
        for (Cell cell : different) {
            Kind kind = scope.kind(cell);
            if (kind == Kind.SKETCH) {
                sketches.add(cell);
            } else {
                differences.add(Difference.of(cell, kind, steps.numbers(cell, kind)));
            }
        }
        if (!sketches.isEmpty()) {
            differences.addAll(
                    new SketchExplanation(reconciliation, scope, joinedRows, wellRows).of(sketches, held, steps));
        }
        return differences;
    }

    /** What each step says of a cell, where combinations beyond the limit are one. */
    final class Steps {
        private final Held held;
        private final Map<Cell, Long> batch;
        private final Map<Cell, Long> nowHere;
        private final Map<Cell, Long> readHere;
        private final Map<Cell, Long> mineHere;
        private final Map<Cell, Long> joinedHere;
        private final Map<Cell, Long> wellHere;
        private final Map<Cell, Long> added;
        private final Map<Cell, Long> dropped;
        final DeltaNumbers notSealed;

        Steps(Held held, Map<Cell, Long> published, DeltaNumbers notSealed, Collection<Cell> different) {
            this.held = held;
            this.notSealed = notSealed;
            batch = held.pooled(scope, published);
            nowHere = held.pooled(scope, now);
            readHere = held.pooled(scope, read);
            mineHere = held.pooled(scope, mine);
            joinedHere = held.pooled(scope, joined);
            wellHere = held.pooled(scope, well);
            added = held.pooled(scope, notSealed.added());
            dropped =
                    held.pooled(scope, new RedisNumbers(reconciliation.redis(), scope.counter()).uncounted(different));
        }

        Numbers numbers(Cell cell, Kind kind) {
            Cell said = kind == Kind.ADDED ? cell : cell.of(Cell.ROWS);
            return new Numbers(
                    held.numbers().getOrDefault(cell, 0L),
                    batch.getOrDefault(cell, 0L),
                    nowHere.getOrDefault(cell, 0L),
                    readHere.getOrDefault(cell, 0L),
                    mineHere.getOrDefault(cell, 0L),
                    joinedHere.getOrDefault(cell, 0L),
                    wellHere.getOrDefault(cell, 0L),
                    kind == Kind.DISTINCT ? moreMembers(cell) : added.getOrDefault(cell, 0L),
                    dropped.getOrDefault(said, 0L));
        }

        /** Members that only lines have which are not sealed. */
        private long moreMembers(Cell cell) {
            if (!notSealed.members().containsKey(cell)) {
                return 0;
            }
            MeasureNode measure = scope.measure(cell);
            var known = counted().members(measure, List.of(cell), wellRows).getOrDefault(cell, java.util.Set.of());
            return notSealed.members().get(cell).stream()
                    .filter(m -> !known.contains(m))
                    .count();
        }
    }

    /** Rows of the lines that the counter counts, for corrections. */
    String rows() {
        return wellRows;
    }
}
