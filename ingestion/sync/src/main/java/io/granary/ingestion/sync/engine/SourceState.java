package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.ingestion.sync.job.PasswordReference;
import io.granary.ingestion.sync.job.RdbmsReader;
import io.granary.ingestion.sync.job.RdbmsReader.ReaderConnection;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.ingestion.sync.row.RowSums.ColumnSum;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tables of a job at one moment: for engines whose sessions cannot share a snapshot. The state before the job and the one
 * after it must be the same, or the rows are a mix of times; what was written must add up to it.
 *
 * @param columns those that the job reads, alike in all tables
 * @param fingerprints checksums over all rows, by connection and table
 */
public record SourceState(List<DatabaseColumn> columns, Map<String, String> fingerprints) {
    /**
     * Reads each table once.
     *
     * @throws GranaryException when the job reads queries or expressions, whose state cannot be told
     */
    public static SourceState of(RdbmsReader from, Profile profile, String engine) {
        if (from.isQuery()) {
            throw refused(engine, "querySql");
        }
        Map<String, String> fingerprints = new TreeMap<>();
        List<DatabaseColumn> columns = List.of();
        for (int i = 0; i < from.connection().size(); i++) {
            try (Database database = Database.open(address(from, i, profile))) {
                for (String table : from.connection().get(i).table()) {
                    JdbcColumns found = JdbcColumns.of(database, from.plugin(), table, from.column());
                    if (!found.isPlain()) {
                        throw refused(engine, "columns that are expressions");
                    }
                    columns = found.columns();
                    if (database.dialect().fingerprint(columns) == null) {
                        throw refused(engine, "tables of " + from.plugin());
                    }
                    String state = database.fingerprint(table, columns, from.where());
                    fingerprints.put(i + "/" + table, state == null ? "no rows" : state);
                }
            }
        }
        return new SourceState(columns, fingerprints);
    }

    /** The database of the reader's so manieth connection. */
    public static Connection address(RdbmsReader from, int connection, Profile profile) {
        ReaderConnection at = from.connection().get(connection);
        return PasswordReference.resolve(
                from.plugin(), from.password(), at.jdbcUrl().get(0), from.username(), profile);
    }

    /** @throws GranaryException naming the tables that have changed since */
    public void check(SourceState after) {
        List<String> changed = fingerprints.keySet().stream()
                .filter(table -> !fingerprints.get(table).equals(after.fingerprints.get(table)))
                .map(table -> table.substring(table.indexOf('/') + 1))
                .toList();
        if (!changed.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.DATA,
                    "table " + String.join(", ", changed) + " changed while the job read it in several sessions that"
                            + " share no snapshot; its rows are not taken. Run it again when the table is quiet, or set"
                            + " engine: native, which reads one consistent snapshot.");
        }
    }

    private RowSums sums(RdbmsReader from, Profile profile) {
        RowSums all = null;
        for (int i = 0; i < from.connection().size(); i++) {
            try (Database database = Database.open(address(from, i, profile))) {
                for (String table : from.connection().get(i).table()) {
                    all = add(all, database.sums(table, columns, from.where()));
                }
            }
        }
        return all;
    }

    /**
     * Compares what the source counts now, over all tables, with the sums of all parts that were written.
     *
     * @param lost rows that were left out before any part was written
     * @throws GranaryException naming the column and both numbers where they differ
     */
    public void compare(RdbmsReader from, Profile profile, JobReport report, long lost) {
        RowSums source = sums(from, profile);
        RowSums written = report.parts().stream().map(PartReport::written).reduce(null, SourceState::add);
        if (written == null) {
            written = new RowSums(0, List.of());
        }
        long arrived = written.rows() + report.dirty() + lost;
        if (source.rows() != arrived) {
            throw different("rows", source.rows(), arrived);
        }
        if (report.dirty() + lost > 0
                || source.columns().size() != written.columns().size()) {
            return;
        }
        for (int i = 0; i < source.columns().size(); i++) {
            ColumnSum there = source.columns().get(i);
            ColumnSum here = written.columns().get(i);
            if (there.present() != here.present() && !becomesNull(from, columns.get(i))) {
                throw different("values of column " + there.name(), there.present(), here.present());
            }
            if (there.sum() != null && here.sum() != null && there.sum().compareTo(here.sum()) != 0) {
                throw different("the sum of column " + there.name(), there.sum(), here.sum());
            }
        }
    }

    /** Days that no calendar has are values there and NULL here, if the job says so. */
    private static boolean becomesNull(RdbmsReader from, DatabaseColumn column) {
        return "null".equals(from.zeroDates())
                && (column.hiveType().equals("date") || column.hiveType().equals("timestamp"));
    }

    private static RowSums add(RowSums one, RowSums other) {
        if (one == null) {
            return other;
        }
        if (one.columns().size() != other.columns().size()) {
            return new RowSums(one.rows() + other.rows(), List.of());
        }
        List<ColumnSum> columns = new ArrayList<>();
        for (int i = 0; i < one.columns().size(); i++) {
            ColumnSum a = one.columns().get(i);
            ColumnSum b = other.columns().get(i);
            columns.add(new ColumnSum(a.name(), a.present() + b.present(), add(a, b)));
        }
        return new RowSums(one.rows() + other.rows(), columns);
    }

    /** An empty column has no sum, and adds nothing. */
    private static BigDecimal add(ColumnSum a, ColumnSum b) {
        if (a.present() == 0) {
            return b.sum();
        }
        if (b.present() == 0) {
            return a.sum();
        }
        return a.sum() == null || b.sum() == null ? null : a.sum().add(b.sum());
    }

    private static GranaryException different(String what, Object source, Object written) {
        return new GranaryException(
                ErrorCode.DATA,
                what + ": the source has " + source + ", what was written has " + written
                        + ". Nothing of it is taken.");
    }

    private static GranaryException refused(String engine, String what) {
        return new GranaryException(
                ErrorCode.DEFINITION,
                "engine " + engine + " cannot prove that " + what
                        + " arrived whole; set engine: native, or make a view");
    }
}
