package io.granary.streaming.reconcile;

import io.granary.streaming.checkpoint.FileKey;
import io.granary.streaming.checkpoint.FileLines;
import io.granary.streaming.checkpoint.Intervals;
import io.granary.streaming.checkpoint.Marks;
import io.granary.streaming.query.StreamQuery.ZonedCounter;
import io.granary.streaming.replay.CountedRecords.Found;
import io.granary.tablestore.SqlSession;
import io.granary.warehouse.manifest.SourceNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The lines that were counted and are not sealed. */
final class Unsealed {
    private static final String TABLE = "granary_log_sealed";
    private static final int SHOWN = 5;

    private final Map<FileKey, List<Stretch>> sealed = new HashMap<>();

    /** What is sealed of a file in one piece, and when its newest line was collected, epoch milliseconds. */
    private record Stretch(long start, long end, long collectedAt) {}

    /** Reads them again out of where they came from. */
    @FunctionalInterface
    interface Records {
        /**
         * @param counter as it is counted
         * @param marks in front of which the lines were read
         * @param since no record of the lines is older
         */
        Found of(ZonedCounter counter, Map<FileKey, Intervals> lines, Marks marks, Instant since);
    }

    /** What is sealed now of the files of {@code marks}. */
    Unsealed(SqlSession sql, SourceNode source) {
        if (sql.query("SHOW TABLES IN ods LIKE '" + TABLE + "'").rows().isEmpty()) {
            return;
        }
        String intervals = "SELECT COALESCE(region, ''), host, file, start_offset, end_offset,"
                + " UNIX_MILLIS(collected_at) FROM ods." + TABLE + " WHERE source = "
                + SqlText.of(source.qualifiedName());
        for (List<Object> row : sql.query(intervals).rows()) {
            FileKey file = new FileKey(
                    row.get(0).toString(), row.get(1).toString(), row.get(2).toString());
            sealed.computeIfAbsent(file, f -> new ArrayList<>())
                    .add(new Stretch(number(row.get(3)), number(row.get(4)), number(row.get(5))));
        }
    }

    private static long number(Object cell) {
        return ((Number) cell).longValue();
    }

    Map<FileKey, Intervals> of(Map<FileKey, Intervals> counted) {
        Map<FileKey, Intervals> all = new HashMap<>();
        sealed.forEach((file, stretches) -> {
            Intervals of = new Intervals();
            stretches.forEach(s -> of.add(s.start(), s.end()));
            all.put(file, of);
        });
        return FileLines.minus(counted, all);
    }

    /** A time before which none of these lines was collected; the epoch when that is not known. */
    Instant since(Map<FileKey, Intervals> lines) {
        return lines.entrySet().stream()
                .map(of -> through(of.getKey(), of.getValue()))
                .min(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }

    /** Through when the lines in front of a file's first one of these are sealed. */
    private Instant through(FileKey file, Intervals lines) {
        long first = lines.pairs().get(0).get(0);
        return Instant.ofEpochMilli(sealed.getOrDefault(file, List.of()).stream()
                .filter(s -> s.end() <= first)
                .mapToLong(Stretch::collectedAt)
                .max()
                .orElse(0));
    }

    /** For people: which logs are sealed through when, those that are farthest behind first. */
    String text(Map<FileKey, Intervals> lines) {
        Map<FileKey, Instant> through = new HashMap<>();
        lines.forEach((file, of) -> through.put(file, through(file, of)));
        String shown = through.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .limit(SHOWN)
                .map(of -> "host " + of.getKey().host() + ", file "
                        + of.getKey().file() + ": "
                        + (of.getValue().equals(Instant.EPOCH) ? "not sealed" : "sealed through " + of.getValue()))
                .collect(Collectors.joining("\n  "));
        int rest = through.size() - SHOWN;
        return shown + (rest > 0 ? "\n  and " + rest + " more" : "");
    }
}
