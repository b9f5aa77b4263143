package io.granary.streaming.reconcile;

import io.granary.streaming.checkpoint.FileKey;
import io.granary.streaming.checkpoint.FileLines;
import io.granary.streaming.checkpoint.Intervals;
import io.granary.streaming.checkpoint.Marks;
import io.granary.streaming.reconcile.Comparison.Evidence;
import io.granary.streaming.reconcile.Difference.Kind;
import io.granary.streaming.reconcile.RedisNumbers.Held;
import io.granary.streaming.replay.CountedRecords.Found;
import io.granary.streaming.verbs.PipelinedReads;
import io.granary.tablestore.SqlSession;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares the numbers of a counter in Redis with those of the batch table. Lines are looked at only when something
 * differs, and lines that are not sealed only when those that are do not explain it.
 *
 * @param records of lines that are not sealed
 */
record Reconciliation(
        SqlSession sql, PipelinedReads redis, CountedLog log, StreamMarks marks, Unsealed.Records records) {
    private static final int TRIES = 30;
    private static final long PAUSE_MS = 1000;
    private static final Comparator<Cell> ORDER = Comparator.comparing(Cell::window)
            .thenComparingLong(Cell::bucket)
            .thenComparing(Cell::by)
            .thenComparing(Cell::measure);

    /** The relation of the batch table's rows; of days that are not built it is what they would be. */
    String published(Scope scope) {
        String table = log.model().table();
        String built = "SELECT * FROM " + table + " WHERE ds IN (" + SqlText.list(scope.days()) + ")";
        if (scope instanceof AllTime total && !total.unbuilt().isEmpty()) {
            List<String> columns = sql.query("SELECT * FROM " + table + " LIMIT 0").columns().stream()
                    .filter(column -> !column.equals("ds"))
                    .map(column -> "`" + column + "`")
                    .toList();
            String names = String.join(", ", columns);
            return "(SELECT " + names + " FROM (" + built + ")\nUNION ALL\nSELECT " + names + " FROM "
                    + new Lines(sql, log, total.unbuilt()).all() + ")";
        }
        return "(" + built + ")";
    }

    /**
     * Compares all numbers.
     *
     * @throws GranaryException BUSY when the stream goes on counting lines of these days
     */
    Comparison compare(Scope scope) {
        if (scope.windows().isEmpty()) {
            return Comparison.nothing(scope);
        }
        SqlNumbers numbers = new SqlNumbers(sql, scope, scope.counter());
        String published = published(scope);
        Map<Cell, Long> batch = numbers.of(published);
        Map<Cell, Long> digests = numbers.digests(published);
        RedisNumbers redisNumbers = new RedisNumbers(redis, scope.counter());
        Held first = redisNumbers.read(scope);
        if (new Sides(scope, first, batch, digests).different().isEmpty()) {
            return new Sides(scope, first, batch, digests).comparison(List.of(), Evidence.NONE);
        }
        Lines lines = new Lines(sql, log, scope.days());
        Unsealed unsealed = new Unsealed(sql, log.source());
        Explanation explanation = null;
        for (int i = 0; i < TRIES; i++) {
            Marks complete = marks.complete();
            Sides sides = new Sides(scope, redisNumbers.read(scope), batch, digests);
            Marks stored = marks.stored();
            long now = scope.now().toEpochMilli();
            Map<FileKey, Intervals> unread = lines.unread(complete, now);
            // what Redis says lies between both; today's lines move the marks, but not in the day's lines
            if (unread.equals(lines.unread(stored, now))) {
                if (explanation == null || !explanation.isOf(unread)) {
                    explanation = new Explanation(this, scope, lines, unread, complete);
                }
                Optional<Comparison> found = explained(sides, explanation, unsealed, complete, stored);
                if (found.isPresent()) {
                    return found.get();
                }
            }
            pause();
        }
        throw new GranaryException(
                ErrorCode.BUSY,
                "the stream goes on counting lines of window " + String.join(", ", scope.windows()) + " of "
                        + scope.ds() + " of " + log.source().qualifiedName() + ", so "
                        + scope.counter().node().qualifiedName()
                        + " cannot be compared yet. Run it again when `granary counters` shows no lag.");
    }

    /** Nothing when lines that are being counted now are among those that would explain it. */
    private Optional<Comparison> explained(
            Sides sides, Explanation explanation, Unsealed unsealed, Marks complete, Marks stored) {
        Evidence sealed = new Evidence(DeltaNumbers.NONE, explanation.rows());
        List<Difference> differences = sides.explained(explanation, sealed.notSealed());
        Map<FileKey, Intervals> lines =
                unsealed.of(FileLines.minus(complete.counted(), log.past().before()));
        Map<FileKey, Intervals> moving = FileLines.minus(stored.counted(), complete.counted());
        boolean isLeft = differences.stream().anyMatch(d -> d.unexplained() != 0);
        if (!isLeft || lines.isEmpty() && moving.isEmpty()) {
            return Optional.of(sides.comparison(differences, sealed));
        }
        Scope scope = sides.scope();
        if (!moving.isEmpty()
                && !numbers(scope, records.of(log.past().counted(), moving, stored, unsealed.since(moving)))
                        .isEmpty()) {
            return Optional.empty();
        }
        if (lines.isEmpty()) {
            return Optional.of(sides.comparison(differences, sealed));
        }
        Found found = records.of(log.past().counted(), lines, complete, unsealed.since(lines));
        Evidence evidence = new Evidence(numbers(scope, found), explanation.rows());
        Comparison comparison = sides.comparison(sides.explained(explanation, evidence.notSealed()), evidence);
        if (!evidence.notSealed().isEmpty()) {
            comparison = comparison.noting("lines of " + log.source().qualifiedName()
                    + " were counted and are not sealed (`granary seal` "
                    + log.source().qualifiedName() + "):\n  " + unsealed.text(lines));
        }
        if (!found.missing().isEmpty()) {
            comparison = comparison.noting("lines of " + found.missing().size() + " files of "
                    + log.source().qualifiedName()
                    + " were counted, are not sealed, and Kafka does not hold them any more, so what they gave is"
                    + " not known:\n  " + unsealed.text(found.missing()));
        }
        return Optional.of(comparison);
    }

    private static DeltaNumbers numbers(Scope scope, Found found) {
        return DeltaNumbers.of(found.deltas(), scope);
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GranaryException(ErrorCode.EXTERNAL, "interrupted while waiting for the stream", e);
        }
    }

    /** What both sides say. */
    private record Sides(Scope scope, Held held, Map<Cell, Long> published, Map<Cell, Long> digests) {
        /** Cells that differ; of sketches those that are others than their members make them. */
        List<Cell> different() {
            Map<Cell, Long> batch = held.pooled(scope, published);
            return cells(batch).stream()
                    .filter(cell -> scope.kind(cell) == Kind.SKETCH
                            ? !Objects.equals(held.digests().get(cell), digests.get(cell))
                            : !Objects.equals(held.numbers().get(cell), batch.get(cell)))
                    .toList();
        }

        private Set<Cell> cells(Map<Cell, Long> batch) {
            Set<Cell> cells = new TreeSet<>(ORDER);
            cells.addAll(batch.keySet());
            cells.addAll(held.numbers().keySet());
            cells.removeIf(cell -> cell.isMore() && scope.kind(cell) != Kind.ADDED);
            return cells;
        }

        List<Difference> explained(Explanation explanation, DeltaNumbers notSealed) {
            return explanation.of(different(), held, published, notSealed);
        }

        /** With the errors of sketches that are right. */
        Comparison comparison(List<Difference> explained, Evidence evidence) {
            Map<Cell, Long> batch = held.pooled(scope, published);
            Set<Cell> cells = cells(batch);
            List<Difference> differences = new ArrayList<>(explained);
            for (Cell cell : cells) {
                long redis = held.numbers().getOrDefault(cell, 0L);
                long right = batch.getOrDefault(cell, 0L);
                boolean isSame = Objects.equals(held.digests().get(cell), digests.get(cell));
                if (scope.kind(cell) == Kind.SKETCH && isSame && redis != right) {
                    differences.add(Difference.ofSketch(cell, redis, right));
                }
            }
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
            return new Comparison(scope, differences, ranks, cells.size(), more, evidence, List.of());
        }
    }
}
