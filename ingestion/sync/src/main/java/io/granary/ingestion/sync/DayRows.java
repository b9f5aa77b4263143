package io.granary.ingestion.sync;

import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.tablestore.PartitionSpec;
import io.granary.tablestore.TableName;
import io.granary.tablestore.TableStore;
import io.granary.tablestore.TableStore.PublishedPartition;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.SourceNode;
import io.granary.warehouse.manifest.TableRead;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses which rows of a source make a day. By watermark a day follows from its date alone. By key it follows from the
 * day before, whose highest key its provenance has; so days come one after the other, and one that is run again ends
 * where the next one begins.
 */
final class DayRows {
    /** Below every key: what the first day has reached of an empty table. */
    private static final String NO_KEY = String.valueOf(Long.MIN_VALUE);

    private final TableStore store;
    private final SourceNode source;
    private final TableName table;
    private final LocalDate ds;

    DayRows(TableStore store, SourceNode source, String ds) {
        this.store = store;
        this.source = source;
        this.table = TableName.parse(source.table());
        this.ds = LocalDate.parse(ds);
    }

    /**
     * The range.
     *
     * @param staged what an earlier attempt of the day began to read
     */
    RowRange range(SourceShape shape, Database database, Optional<RowRange> staged) {
        TableRead read = SourceShape.read(source);
        if (!"incremental".equals(source.mode())) {
            return RowRange.ALL;
        }
        if (read.watermark() != null) {
            DatabaseColumn watermark = shape.column(source, "watermark", read.watermark());
            return RowRange.ofDay(
                    source.qualifiedName(),
                    watermark,
                    database.dialect().type(),
                    read.overlap(),
                    ds,
                    ZoneId.of(source.timeZone()));
        }
        DatabaseColumn key = shape.column(source, "key", read.key().get(0));
        if (!Set.of("tinyint", "smallint", "int", "bigint").contains(key.hiveType())
                && !key.hiveType().endsWith(",0)")) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "source " + source.qualifiedName() + ": key " + key.name() + " is " + key.sourceType()
                            + "; rows are new by their key only when it is an integer. Name a watermark.");
        }
        return keys(shape, database, key.name(), staged);
    }

    private RowRange keys(SourceShape shape, Database database, String key, Optional<RowRange> staged) {
        String above = above(key);
        Optional<RowRange> next = published(ds.plusDays(1), key);
        if (next.isPresent()) {
            return RowRange.ofKey(key, above, next.get().from());
        }
        if (staged.filter(r -> r.equals(RowRange.ofKey(key, above, r.until()))).isPresent()) {
            return staged.get();
        }
        String condition = RowRange.ofKey(key, above, null)
                .condition(database.dialect(), SourceShape.read(source).where());
        String highest = database.value("SELECT max(" + database.dialect().quoted(key) + ")"
                + database.from(shape.tables().get(0), condition));
        return RowRange.ofKey(key, above, highest != null ? highest : above != null ? above : NO_KEY);
    }

    /** The highest key of the day before; null for the first day. */
    private String above(String key) {
        Optional<RowRange> before = published(ds.minusDays(1), key);
        if (before.isPresent()) {
            return before.get().until();
        }
        List<String> days = store.partitions(table).stream()
                .map(p -> p.spec().values().get(0))
                .sorted()
                .toList();
        if (days.isEmpty() || days.get(0).equals(ds.toString())) {
            return null;
        }
        boolean isFirst = days.get(0).compareTo(ds.toString()) > 0;
        throw new GranaryException(
                ErrorCode.DATA,
                "source " + source.qualifiedName() + " is read by key, and ds=" + ds.minusDays(1) + " of " + table
                        + " is missing: nobody knows which rows of ds=" + ds + " are new. "
                        + (isFirst
                                ? "Its first day is " + days.get(0) + ", which has all rows from before."
                                : "Sync the days after " + newestBefore(days)
                                        + " one after the other, or read by a watermark."));
    }

    private String newestBefore(List<String> days) {
        return days.stream()
                .filter(day -> day.compareTo(ds.toString()) < 0)
                .reduce((a, b) -> b)
                .orElseThrow();
    }

    private Optional<RowRange> published(LocalDate day, String key) {
        List<PublishedPartition> found = store.partitions(table, List.of(PartitionSpec.of("ds", day.toString())));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        RowRange range = store.provenance(found.get(0))
                .flatMap(SyncRecord::of)
                .map(SyncRecord::range)
                .orElse(RowRange.ALL);
        if (range.kind() != RowRange.Kind.KEY || !range.column().equals(key)) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "source " + source.qualifiedName() + " is read by key " + key + ", but ds=" + day + " of " + table
                            + " was not: it does not say which key it has reached. Make a new source, or read by a"
                            + " watermark.");
        }
        return Optional.of(range);
    }
}
