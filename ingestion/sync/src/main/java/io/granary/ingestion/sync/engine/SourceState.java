package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.ingestion.sync.jdbc.QueryRows;
import io.granary.ingestion.sync.job.PasswordReference;
import io.granary.ingestion.sync.job.RdbmsReader;
import io.granary.ingestion.sync.job.RdbmsReader.ReaderConnection;
import io.granary.ingestion.sync.row.RowCast;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.ingestion.sync.row.RowSums.ColumnSum;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.orc.TypeDescription;

/**
 * The tables, or the queries' results, of a job at one moment: for engines whose sessions cannot share a snapshot. The state
 * before the job and the one after it must be the same, or the rows are a mix of times; what was written must add up to it.
 *
 * @param columns those that the job reads, alike in all tables
 * @param fingerprints checksums over all rows, by connection and table or query
 * @param plain whether the job reads columns of tables only, neither expressions nor queries
 */
public record SourceState(List<DatabaseColumn> columns, Map<String, String> fingerprints, boolean plain) {
    /**
     * Rows that a job reads.
     *
     * @param what table, or query
     * @param query null where the columns are the table's own
     */
    private record Rows(String what, QueryRows query, List<DatabaseColumn> columns) {
        static Rows ofQuery(Database database, String query) {
            List<DatabaseColumn> columns = JdbcColumns.ofQuery(database, query).columns();
            return new Rows(query, new QueryRows(query, columns), columns);
        }

        static Rows ofTable(Database database, RdbmsReader from, String table) {
            JdbcColumns found = JdbcColumns.of(database, from.plugin(), table, from.column());
            String select = "SELECT " + found.select(table) + database.from(table, from.where());
            return new Rows(table, found.isPlain() ? null : new QueryRows(select, found.columns()), found.columns());
        }

        String fingerprint(Database database, RdbmsReader from) {
            return query == null ? database.fingerprint(what, columns, from.where()) : query.fingerprint(database);
        }

        RowSums sums(Database database, RdbmsReader from) {
            return query == null ? database.sums(what, columns, from.where()) : query.sums(database);
        }
    }

    /** What is done with the rows of each table or query, in the order of the job. */
    private interface Visit {
        void rows(int connection, Database database, Rows rows);
    }

    private static void each(RdbmsReader from, Profile profile, Visit visit) {
        for (int i = 0; i < from.connection().size(); i++) {
            try (Database database = Database.open(address(from, i, profile))) {
                from.session().forEach(database::execute);
                for (String query : from.connection().get(i).querySql()) {
                    visit.rows(i, database, Rows.ofQuery(database, query));
                }
                for (String table : from.connection().get(i).table()) {
                    visit.rows(i, database, Rows.ofTable(database, from, table));
                }
            }
        }
    }

    /**
     * Reads each table once, and runs each query once.
     *
     * @throws GranaryException when the database has no checksums
     */
    public static SourceState of(RdbmsReader from, Profile profile, String engine) {
        Map<String, String> fingerprints = new TreeMap<>();
        List<Rows> all = new ArrayList<>();
        each(from, profile, (connection, database, rows) -> {
            if (database.dialect().fingerprint(rows.columns()) == null) {
                throw new GranaryException(
                        ErrorCode.DEFINITION,
                        "engine " + engine + " cannot prove that tables of " + from.plugin()
                                + " arrived whole; set engine: native");
            }
            String state = rows.fingerprint(database, from);
            fingerprints.put(connection + "/" + rows.what(), state == null ? "no rows" : state);
            all.add(rows);
        });
        return new SourceState(
                all.isEmpty() ? List.of() : all.get(all.size() - 1).columns(),
                fingerprints,
                all.stream().allMatch(rows -> rows.query() == null));
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
                    (plain ? "table " : "") + String.join(", ", changed)
                            + " changed while the job read it in several sessions that"
                            + " share no snapshot; its rows are not taken. Run it again when the table is quiet, or set"
                            + " engine: native, which reads one consistent snapshot.");
        }
    }

    private static RowSums sums(RdbmsReader from, Profile profile) {
        List<RowSums> sums = new ArrayList<>();
        each(from, profile, (connection, database, rows) -> sums.add(rows.sums(database, from)));
        return sums.stream().reduce(RowSums::plus).orElseThrow();
    }

    /**
     * Compares what the source counts now, over all tables, with the sums of all parts that were written.
     *
     * @param target columns that the rows were written as
     * @param lost rows that were left out before any part was written
     * @throws GranaryException naming the column and both numbers where they differ
     */
    public void compare(RdbmsReader from, Profile profile, TypeDescription target, JobReport report, long lost) {
        RowSums source = sums(from, profile);
        RowSums written = report.parts().stream()
                .map(PartReport::written)
                .reduce(RowSums::plus)
                .orElse(new RowSums(0, List.of()));
        long arrived = written.rows() + report.dirty() + lost;
        if (source.rows() != arrived) {
            throw different("rows", source.rows(), arrived);
        }
        if (report.dirty() + lost > 0
                || source.columns().size() != written.columns().size()) {
            return;
        }
        RowCast cast = RowCast.between(JdbcColumns.schema(columns), target, 1, "all rows");
        for (int i = 0; i < columns.size(); i++) {
            ColumnSum there = source.columns().get(i);
            ColumnSum here = written.columns().get(i);
            String name = columns.get(i).name();
            if (there.present() != here.present() && !becomesNull(from, columns.get(i))) {
                throw different("values of column " + name, there.present(), here.present());
            }
            boolean known = cast.keepsSum(i) && there.sum() != null && here.sum() != null;
            if (known && there.sum().compareTo(here.sum()) != 0) {
                throw different("the sum of column " + name, there.sum(), here.sum());
            }
        }
    }

    /** Days that no calendar has are values there and NULL here, if the job says so. */
    private static boolean becomesNull(RdbmsReader from, DatabaseColumn column) {
        return "null".equals(from.zeroDates())
                && (column.hiveType().equals("date") || column.hiveType().equals("timestamp"));
    }

    private static GranaryException different(String what, Object source, Object written) {
        return new GranaryException(
                ErrorCode.DATA,
                what + ": the source has " + source + ", what was written has " + written
                        + ". Nothing of it is taken.");
    }
}
