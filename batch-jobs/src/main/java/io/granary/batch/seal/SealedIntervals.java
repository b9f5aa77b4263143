package io.granary.batch.seal;

import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableSchema;
import io.granary.tablestore.TableStore;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.text.SqlLiteral;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is sealed of a source's files: its partition of {@code ods.granary_log_sealed}. */
final class SealedIntervals {
    /** A statement that names more files than this asks for all. */
    private static final int NAMED_FILES = 500;

    private final SourceNode source;
    private final TableStore store;
    private final SqlSession sql;
    private final SealHistory history;
    private final PartitionSpec partition;

    SealedIntervals(SourceNode source, TableStore store, SqlSession sql, SealHistory history) {
        this.source = source;
        this.store = store;
        this.sql = sql;
        this.history = history;
        this.partition = PartitionSpec.of("source", source.qualifiedName());
    }

    /**
     * The intervals of some files, without what a seal itself has put there.
     *
     * @param sealId of the seal that asks
     */
    Map<LogFile, List<Interval>> of(Set<LogFile> files, String sealId) {
        if (files.isEmpty()) {
            return Map.of();
        }
        if (exists()) {
            List<String> names =
                    files.stream().map(LogFile::file).distinct().sorted().toList();
            return grouped(
                    sql.query(SealSql.intervals(source.qualifiedName(), names.size() > NAMED_FILES ? List.of() : names))
                            .rows());
        }
        return history.hasFinished() ? seeded(sealId) : Map.of();
    }

    /** From the tables, for a source that was sealed before there were intervals. */
    private Map<LogFile, List<Interval>> seeded(String sealId) {
        store.ensure(SealTables.ods(source));
        store.ensure(SealTables.quarantine());
        List<String> unfinished = new ArrayList<>(
                history.unfinished().stream().map(SealRecord::runId).toList());
        unfinished.add(sealId);
        return grouped(sql.query(SealSql.intervalsOfTables(source, unfinished)).rows());
    }

    /** Whether a seal has published here: it is the last that it does. */
    boolean has(String sealId) {
        return exists()
                && sql.query("SELECT COUNT(*) FROM " + SealTables.SEALED + " WHERE source = "
                                        + SqlLiteral.of(source.qualifiedName()) + " AND seal_id = "
                                        + SqlLiteral.of(sealId))
                                .single()
                        > 0;
    }

    private boolean exists() {
        return !store.partitions(SealTables.SEALED, List.of(partition)).isEmpty();
    }

    /** Puts the files' intervals after a seal in place of those before. */
    void publish(SealPublisher publisher, SealBooks books) {
        Map<LogFile, List<Interval>> after = books.sealed(!exists());
        if (after.isEmpty()) {
            return;
        }
        TableSchema schema = SealTables.sealed();
        store.ensure(schema);
        List<List<Object>> rows = new ArrayList<>();
        after.forEach((file, intervals) -> intervals.forEach(i -> rows.add(row(file, i))));
        String touched = after.keySet().stream().map(f -> SqlLiteral.of(key(f))).collect(Collectors.joining(", "));
        String kept = "CONCAT_WS('/', COALESCE(region, ''), host, file) NOT IN (" + touched + ")";
        Set<PartitionSpec> whole = Set.of(partition);
        publisher.replace(
                schema,
                whole,
                TableSql.beside(schema, publisher.present(schema.name(), whole), kept, TableSql.rows(schema, rows)));
    }

    private static String key(LogFile file) {
        return file.region() + "/" + file.host() + "/" + file.file();
    }

    private List<Object> row(LogFile file, Interval i) {
        return Arrays.asList(
                file.region().isEmpty() ? null : file.region(),
                file.host(),
                file.file(),
                i.startOffset(),
                i.endOffset(),
                i.firstLine(),
                i.lastLine(),
                i.collectedAt().toEpochMilli(),
                i.sealId(),
                source.qualifiedName());
    }

    private static Map<LogFile, List<Interval>> grouped(List<List<Object>> rows) {
        Map<LogFile, List<Interval>> intervals = new TreeMap<>();
        for (List<Object> row : rows) {
            intervals
                    .computeIfAbsent(SealCounts.file(row), f -> new ArrayList<>())
                    .add(new Interval(
                            Island.number(row, 3),
                            Island.number(row, 4),
                            Island.number(row, 5),
                            Island.number(row, 6),
                            Instant.ofEpochMilli(Island.number(row, 7)),
                            Island.text(row, 8)));
        }
        return intervals;
    }
}
