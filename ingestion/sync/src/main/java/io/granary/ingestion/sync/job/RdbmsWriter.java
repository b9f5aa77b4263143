package io.granary.ingestion.sync.job;

import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.util.List;

/**
 * {@code mysqlwriter, postgresqlwriter, oraclewriter, sqlserverwriter}: {@code preSql}, the rows and {@code postSql}.
 * {@code @table} in them stands for the table.
 *
 * @param kind the database; it is in the plugin's name, not a key
 * @param password a {@link PasswordReference}
 * @param writeMode {@code insert} (default), {@code update} (a row of the same key is changed), and on MySQL {@code replace}
 * @param column names in the order of the reader's columns; {@code "*"} alone is all columns of the table
 * @param session SQL statements that set up each session before it writes
 * @param batchSize rows sent at a time, 2048 unless set
 * @param batchByteSize bytes sent at a time, 32 MiB unless set
 * @param rowsWhere SQL condition that the job's rows meet, and no row that is there before the first of them; null: a table
 *     that is empty then. The database adds up such rows before they are committed. DataX has no such key
 */
public record RdbmsWriter(
        RdbmsKind kind,
        String username,
        String password,
        String writeMode,
        List<String> column,
        List<String> session,
        List<String> preSql,
        List<String> postSql,
        Integer batchSize,
        Integer batchByteSize,
        List<WriterConnection> connection,
        String rowsWhere)
        implements DataxJob.Writer {
    private static final int DEFAULT_BATCH = 2048;
    private static final int DEFAULT_BATCH_BYTES = 32 << 20;

    public RdbmsWriter {
        String plugin = kind.writer();
        Required.text(plugin, "username", username);
        PasswordReference.check(plugin, password);
        writeMode = writeMode == null ? "insert" : Required.lower(writeMode);
        if (kind == RdbmsKind.MYSQL) {
            Required.oneOf(plugin, "writeMode", writeMode, "insert", "replace", "update");
        } else {
            Required.oneOf(plugin, "writeMode", writeMode, "insert", "update");
        }
        column = Required.list(plugin, "column", column);
        session = session == null ? List.of() : List.copyOf(session);
        preSql = preSql == null ? List.of() : List.copyOf(preSql);
        postSql = postSql == null ? List.of() : List.copyOf(postSql);
        batchSize = batchSize == null ? DEFAULT_BATCH : batchSize;
        batchByteSize = batchByteSize == null ? DEFAULT_BATCH_BYTES : batchByteSize;
        Required.positive(plugin, "batchSize", batchSize);
        Required.positive(plugin, "batchByteSize", batchByteSize);
        connection = Required.one(plugin, "connection", connection);
        connection.forEach(c -> {
            Required.url(plugin, c.jdbcUrl(), kind);
            Required.one(plugin, "connection.table", c.table());
        });
        rowsWhere = Required.blankIsNull(rowsWhere);
        if (rowsWhere != null && !writeMode.equals("insert")) {
            throw new GranaryException(
                    ErrorCode.DEFINITION, plugin + ": rowsWhere is for writeMode insert, not for " + writeMode);
        }
    }

    /** Rows for one table. */
    public static RdbmsWriter of(
            RdbmsKind kind, String username, String password, String jdbcUrl, String table, List<String> column) {
        return new RdbmsWriter(
                kind,
                username,
                password,
                "insert",
                column,
                null,
                null,
                null,
                null,
                null,
                List.of(new WriterConnection(jdbcUrl, List.of(table))),
                null);
    }

    /** The same with statements around the rows. */
    public RdbmsWriter around(List<String> before, List<String> after) {
        return with(writeMode, before, after, connection, rowsWhere);
    }

    /** The same, with the condition that tells its rows from others. */
    public RdbmsWriter withRowsWhere(String condition) {
        return with(writeMode, preSql, postSql, connection, condition);
    }

    public RdbmsWriter withWriteMode(String mode) {
        return with(mode, preSql, postSql, connection, rowsWhere);
    }

    /** The rows alone, into another table of the same database. */
    public RdbmsWriter into(String table) {
        List<WriterConnection> there = List.of(new WriterConnection(jdbcUrl(), List.of(table)));
        return with(writeMode, List.of(), List.of(), there, null);
    }

    private RdbmsWriter with(
            String mode, List<String> before, List<String> after, List<WriterConnection> to, String condition) {
        return new RdbmsWriter(
                kind,
                username,
                password,
                mode,
                column,
                session,
                before,
                after,
                batchSize,
                batchByteSize,
                to,
                condition);
    }

    @Override
    public String plugin() {
        return kind.writer();
    }

    public String jdbcUrl() {
        return connection.get(0).jdbcUrl();
    }

    public String table() {
        return connection.get(0).table().get(0);
    }

    /** Where a writer's table is. */
    public record WriterConnection(String jdbcUrl, List<String> table) {
        public WriterConnection {
            table = table == null ? List.of() : List.copyOf(table);
        }
    }
}
