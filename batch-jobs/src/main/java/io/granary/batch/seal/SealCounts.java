package io.granary.batch.seal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/** The account of one seal: what became of the lines of each file and collected hour. */
final class SealCounts {
    private final Map<Key, Tally> tallies =
            new TreeMap<>(Comparator.comparing(Key::file).thenComparing(Key::hour));

    /** A row of the account. */
    record Key(LogFile file, CollectedHour hour) {}

    void add(LogFile file, CollectedHour hour, Tally tally) {
        tallies.merge(new Key(file, hour), tally, Tally::plus);
    }

    void add(SealCounts others) {
        others.tallies.forEach((key, tally) -> add(key.file(), key.hour(), tally));
    }

    /** Adds rows of region, host, file, hour, number. */
    void add(List<List<Object>> rows, LongFunction<Tally> what) {
        rows.forEach(row -> add(file(row), hour(row), what.apply(Island.number(row, 4))));
    }

    static LogFile file(List<Object> row) {
        return new LogFile(Island.text(row, 0), Island.text(row, 1), Island.text(row, 2));
    }

    static CollectedHour hour(List<Object> row) {
        return CollectedHour.parse(Island.text(row, 3));
    }

    Tally sum() {
        return tallies.values().stream().reduce(Tally.ZERO, Tally::plus);
    }

    boolean isBalanced() {
        return tallies.values().stream().allMatch(Tally::isBalanced);
    }

    /** What does not add up, a line each; the first few. */
    String unbalanced() {
        return tallies.entrySet().stream()
                .filter(e -> !e.getValue().isBalanced())
                .limit(5)
                .map(e -> "  host %s, file %s, collected %s hour %s: %s"
                        .formatted(
                                e.getKey().file().host(),
                                e.getKey().file().file(),
                                e.getKey().hour().dt(),
                                e.getKey().hour().hh(),
                                e.getValue()))
                .collect(Collectors.joining("\n"));
    }

    /** Rows of the account's table. */
    List<List<Object>> rows(String source, String sealId, Map<LogFile, String> sites) {
        List<List<Object>> rows = new ArrayList<>();
        tallies.forEach((key, t) -> {
            if (!t.equals(Tally.ZERO)) {
                List<Object> row = new ArrayList<>();
                LogFile file = key.file();
                row.add(file.region().isEmpty() ? null : file.region());
                row.add(sites.get(file));
                row.addAll(List.of(file.host(), file.file(), key.hour().hh(), sealId));
                row.addAll(List.of(
                        t.read(), t.loaded(), t.duplicate(), t.quarantined(), t.lost(), t.missing(), t.skipped()));
                row.addAll(List.of(source, key.hour().dt()));
                rows.add(row);
            }
        });
        return rows;
    }
}
