package io.granary.ingestion.sync;

import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.ingestion.sync.jdbc.SourceType;
import io.granary.tablestore.Column;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What has become of a source's columns since its last published run, and the columns that the ODS table gets.
 *
 * @param columns of the table: those it has, in their order, and behind them the new ones
 * @param widened those of {@code columns} whose type in the table has to change
 * @param reported what goes on by itself, for people
 * @param lost what would be lost, and goes on only when somebody says so
 * @param impossible what no table can show beside the days that are there
 */
record Drift(
        List<Column> columns, List<Column> widened, List<String> reported, List<String> lost, List<String> impossible) {

    /**
     * Compares.
     *
     * @param table columns of the ODS table; empty when there is none yet
     * @param last columns of the database in the last published run; empty when nobody knows: then those of the table
     */
    static Drift between(List<Column> table, List<SourceColumn> last, List<DatabaseColumn> now) {
        return new Comparison(last).compare(table, now);
    }

    /**
     * Stops a job whose rows would not say what they said before.
     *
     * @param accepted somebody has seen it and wants to go on
     */
    void refuse(String source, boolean accepted) {
        if (!impossible.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "source " + source + " has other columns than when it was last synced:\n  "
                            + String.join("\n  ", impossible)
                            + "\nThe days that are there cannot be read so. Nothing was changed. Offer the column under"
                            + " another name through a view, or make a new source for the table.");
        }
        if (!lost.isEmpty() && !accepted) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "source " + source + " has other columns than when it was last synced:\n  "
                            + String.join("\n  ", lost)
                            + "\nNothing was changed. Ask the database's owner; if it is meant, go on with --accept-drift:"
                            + " columns that are gone become NULL, narrower ones keep their type in the warehouse.");
        }
    }

    /** What people are told of a job that went on. */
    List<String> notes() {
        List<String> notes = new ArrayList<>(reported);
        lost.forEach(line -> notes.add(line + " (accepted)"));
        return List.copyOf(notes);
    }

    private static final class Comparison {
        private final Map<String, SourceColumn> last = new LinkedHashMap<>();
        private final List<Column> columns = new ArrayList<>();
        private final List<Column> widened = new ArrayList<>();
        private final List<String> reported = new ArrayList<>();
        private final List<String> lost = new ArrayList<>();
        private final List<String> impossible = new ArrayList<>();

        Comparison(List<SourceColumn> last) {
            last.forEach(column -> this.last.put(column.name(), column));
        }

        Drift compare(List<Column> table, List<DatabaseColumn> now) {
            Map<String, DatabaseColumn> found = new LinkedHashMap<>();
            now.forEach(column -> found.put(column.hiveName(), column));
            for (Column column : table) {
                DatabaseColumn there = found.remove(column.name());
                columns.add(there == null ? gone(column) : kept(column, there));
            }
            for (DatabaseColumn column : found.values()) {
                columns.add(new Column(column.hiveName(), column.hiveType(), column.comment()));
                if (!table.isEmpty()) {
                    reported.add("column " + column.hiveName() + " " + column.hiveType()
                            + " is new: taken over, NULL in the days before");
                }
            }
            return new Drift(columns, widened, reported, lost, impossible);
        }

        private Column gone(Column column) {
            if (last.isEmpty() || last.containsKey(column.name())) {
                lost.add("column " + column.name() + " " + column.type() + " is gone");
            }
            return column;
        }

        private Column kept(Column column, DatabaseColumn now) {
            SourceColumn before =
                    last.getOrDefault(column.name(), new SourceColumn(column.name(), column.type(), now.sourceType()));
            if (!before.type().equals(now.hiveType())) {
                return changed(column, before, now);
            }
            length(before, now);
            return column;
        }

        private Column changed(Column column, SourceColumn before, DatabaseColumn now) {
            String change = "column " + column.name() + " was " + before.type() + " (" + before.sourceType() + "), is "
                    + now.hiveType() + " (" + now.sourceType() + ")";
            boolean fits = WiderType.holds(column.type(), now.hiveType());
            if (fits && !WiderType.holds(now.hiveType(), before.type())) {
                lost.add(change + ": narrower");
                return column;
            }
            if (fits || WiderType.holds(now.hiveType(), column.type())) {
                reported.add(change + ": widened");
                if (fits) {
                    return column;
                }
                Column wider = new Column(column.name(), now.hiveType(), column.comment());
                widened.add(wider);
                return wider;
            }
            impossible.add(change);
            return column;
        }

        /** Texts of any length are the same type in Hive. */
        private void length(SourceColumn before, DatabaseColumn now) {
            int was = SourceType.parse(before.sourceType()).size();
            int is = SourceType.parse(now.sourceType()).size();
            if (!now.hiveType().equals("string") || was < 0 || is < 0 || was == is) {
                return;
            }
            String change = "column " + before.name() + " was " + before.sourceType() + ", is " + now.sourceType();
            if (is < was) {
                lost.add(change + ": narrower");
            } else {
                reported.add(change + ": widened");
            }
        }
    }
}
