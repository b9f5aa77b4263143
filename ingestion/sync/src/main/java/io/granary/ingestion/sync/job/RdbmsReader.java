package io.granary.ingestion.sync.job;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code mysqlreader, postgresqlreader, oraclereader, sqlserverreader}: the rows of tables of one shape, or of queries.
 *
 * @param kind the database; it is in the plugin's name, not a key
 * @param password a {@link PasswordReference}
 * @param column names and SQL expressions in the order of the writer's columns; {@code "*"} alone is all columns of the table;
 *     empty with querySql
 * @param where SQL condition, or null
 * @param splitPk column to cut ranges by, or null
 * @param splitFactor parts a channel that a table is cut into, or null (DataX's and our default: 5)
 * @param fetchSize rows the driver holds at a time, or null
 * @param session SQL statements that set up each session before it reads
 * @param zeroDates what becomes of {@code 0000-00-00}, which no calendar has: {@code fail} (the row cannot be kept) or
 *     {@code null}; null for fail. DataX has no such key
 */
public record RdbmsReader(
        RdbmsKind kind,
        String username,
        String password,
        List<String> column,
        List<ReaderConnection> connection,
        String where,
        String splitPk,
        Integer splitFactor,
        Integer fetchSize,
        List<String> session,
        String zeroDates)
        implements DataxJob.Reader {
    public RdbmsReader {
        String plugin = kind.reader();
        Required.text(plugin, "username", username);
        PasswordReference.check(plugin, password);
        connection = Required.list(plugin, "connection", connection);
        connection.forEach(c -> c.check(plugin, kind));
        where = Required.blankIsNull(where);
        splitPk = Required.blankIsNull(splitPk);
        Required.positive(plugin, "splitFactor", splitFactor);
        Required.positive(plugin, "fetchSize", fetchSize);
        session = session == null ? List.of() : List.copyOf(session);
        if (zeroDates != null) {
            Required.oneOf(plugin, "zeroDates", zeroDates, "fail", "null");
        }
        boolean queries = !connection.get(0).querySql().isEmpty();
        if (connection.stream().anyMatch(c -> c.querySql().isEmpty() == queries)) {
            throw new GranaryException(
                    ErrorCode.DEFINITION, plugin + ": some connections have table, others querySql; use one of them");
        }
        if (queries) {
            column = column == null ? List.of() : List.copyOf(column);
            Required.absent(plugin, "column", column.isEmpty() ? null : column, "querySql names the columns itself");
            Required.absent(plugin, "where", where, "put the condition into querySql");
            Required.absent(plugin, "splitPk", splitPk, "a querySql is read as one part");
        } else {
            column = Required.list(plugin, "column", column);
        }
    }

    /** As DataX has it, without a rule for zero dates. */
    public RdbmsReader(
            RdbmsKind kind,
            String username,
            String password,
            List<String> column,
            List<ReaderConnection> connection,
            String where,
            String splitPk,
            Integer splitFactor,
            Integer fetchSize,
            List<String> session) {
        this(kind, username, password, column, connection, where, splitPk, splitFactor, fetchSize, session, null);
    }

    /** The rows of one table. */
    public static RdbmsReader of(
            RdbmsKind kind,
            String username,
            String password,
            String jdbcUrl,
            List<String> tables,
            List<String> column) {
        return new RdbmsReader(
                kind,
                username,
                password,
                column,
                List.of(new ReaderConnection(List.of(jdbcUrl), tables, List.of())),
                null,
                null,
                null,
                null,
                List.of(),
                null);
    }

    public RdbmsReader withWhere(String condition) {
        return new RdbmsReader(
                kind,
                username,
                password,
                column,
                connection,
                condition,
                splitPk,
                splitFactor,
                fetchSize,
                session,
                zeroDates);
    }

    public RdbmsReader withSplitPk(String key) {
        return new RdbmsReader(
                kind, username, password, column, connection, where, key, splitFactor, fetchSize, session, zeroDates);
    }

    public RdbmsReader withZeroDates(String rule) {
        return new RdbmsReader(
                kind, username, password, column, connection, where, splitPk, splitFactor, fetchSize, session, rule);
    }

    /** The same rows as PostgreSQL shows them in a snapshot that another session has exported. */
    public RdbmsReader inSnapshot(String exported) {
        List<String> joined = new ArrayList<>(List.of(
                "COMMIT",
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
                "SET TRANSACTION SNAPSHOT '" + exported.replace("'", "''") + "'"));
        joined.addAll(session);
        return new RdbmsReader(
                kind,
                username,
                password,
                column,
                connection,
                where,
                splitPk,
                splitFactor,
                fetchSize,
                joined,
                zeroDates);
    }

    @Override
    public String plugin() {
        return kind.reader();
    }

    /** Whether the rows are those of queries, not of tables. */
    public boolean isQuery() {
        return !connection.get(0).querySql().isEmpty();
    }

    /** Whether the columns are all of the table's. */
    public boolean allColumns() {
        return column.equals(List.of("*"));
    }

    /**
     * Where tables or queries are; one of both lists is empty.
     *
     * @param jdbcUrl addresses of the same database, of which the first that answers is used
     */
    public record ReaderConnection(List<String> jdbcUrl, List<String> table, List<String> querySql) {
        public ReaderConnection {
            jdbcUrl = jdbcUrl == null ? List.of() : List.copyOf(jdbcUrl);
            table = table == null ? List.of() : List.copyOf(table);
            querySql = querySql == null ? List.of() : List.copyOf(querySql);
        }

        private void check(String plugin, RdbmsKind kind) {
            Required.list(plugin, "connection.jdbcUrl", jdbcUrl).forEach(url -> Required.url(plugin, url, kind));
            if (table.isEmpty() == querySql.isEmpty()) {
                throw new GranaryException(
                        ErrorCode.DEFINITION, plugin + ": a connection has either 'table' or 'querySql'");
            }
        }
    }
}
