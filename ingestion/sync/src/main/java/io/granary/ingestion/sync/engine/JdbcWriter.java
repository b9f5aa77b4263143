package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.ingestion.sync.jdbc.WriteMode;
import io.granary.ingestion.sync.job.PasswordReference;
import io.granary.ingestion.sync.job.RdbmsWriter;
import io.granary.ingestion.sync.row.DirtySink;
import io.granary.ingestion.sync.row.ReadRows;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.ingestion.sync.row.RowWriter;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.orc.TypeDescription;

/**
 * Rows into a database table. With one channel {@code preSql}, the rows and {@code postSql} are one transaction. With several
 * each has a transaction of its own: {@code preSql} is committed before the first row, no row before all are written, and
 * {@code postSql} after them; only who ends the process between these commits leaves a part of the rows. Before anything of
 * it is committed, the database adds up what arrived, where it can tell the job's rows from others.
 */
final class JdbcWriter implements RowWriter {
    private final RdbmsWriter to;
    private final TypeDescription schema;
    private final List<Database> sessions = new ArrayList<>();
    private final BlockingQueue<Database> free = new LinkedBlockingQueue<>();
    private String insert;
    private Optional<TargetRows> rows = Optional.empty();

    private JdbcWriter(RdbmsWriter to, TypeDescription schema) {
        this.to = to;
        this.schema = schema;
    }

    static JdbcWriter open(RdbmsWriter to, Profile profile, int channels, TypeDescription schema) {
        JdbcWriter writer = new JdbcWriter(to, schema);
        try {
            writer.begin(
                    PasswordReference.resolve(to.plugin(), to.password(), to.jdbcUrl(), to.username(), profile),
                    channels);
            return writer;
        } catch (RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    private void begin(Connection address, int channels) {
        for (int i = 0; i < channels; i++) {
            Database session = Database.open(address);
            sessions.add(session);
            to.session().forEach(session::execute);
            begin(session);
        }
        Database first = sessions.get(0);
        List<DatabaseColumn> table = first.columns(to.table());
        if (table.isEmpty()) {
            throw new GranaryException(
                    ErrorCode.NOT_FOUND,
                    to.plugin() + ": connection " + address + " has no table '" + to.table() + "'; there are: "
                            + String.join(", ", first.tables()));
        }
        List<String> columns = columns(table);
        insert = first.dialect().insert(to.table(), columns, mode(), first.primaryKey(to.table()));
        run(first, to.preSql());
        if (channels > 1) {
            commit(first);
        }
        rows = TargetRows.of(to, first.columns(to.table(), columns), sessions);
        free.addAll(sessions);
    }

    /** What others commit meanwhile is not counted as the job's. */
    private void begin(Database session) {
        try {
            if (TargetRows.canBeTold(to, session)) {
                session.jdbc().setTransactionIsolation(java.sql.Connection.TRANSACTION_REPEATABLE_READ);
            }
            session.jdbc().setAutoCommit(false);
        } catch (SQLException e) {
            throw session.failed("begin", e);
        }
    }

    private WriteMode mode() {
        return WriteMode.valueOf(to.writeMode().toUpperCase(Locale.ROOT));
    }

    private List<String> columns(List<DatabaseColumn> table) {
        List<String> columns = to.column().equals(List.of("*"))
                ? table.stream().map(DatabaseColumn::name).toList()
                : to.column();
        if (schema.getChildren().size() != columns.size()) {
            throw new GranaryException(
                    ErrorCode.DEFINITION,
                    "the reader has " + schema.getChildren().size() + " columns " + schema.getFieldNames() + ", "
                            + to.plugin() + " " + columns.size() + " " + columns);
        }
        return columns;
    }

    private void run(Database session, List<String> statements) {
        String table = session.dialect().table(to.table());
        statements.forEach(sql -> session.execute(sql.replace("@table", table)));
    }

    @Override
    public Part open(RowPart part, DirtySink dirty) {
        Database session;
        try {
            session = free.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the job is stopped");
        }
        return new JdbcRows(session, insert, to, schema, part, dirty, () -> free.add(session));
    }

    @Override
    public void verify(ReadRows read) {
        rows.ifPresent(target -> target.compare(
                read, sessions.stream().map(target::sums).reduce(RowSums::plus).orElseThrow()));
    }

    @Override
    public void commit() {
        Database first = sessions.get(0);
        if (sessions.size() > 1) {
            sessions.forEach(this::commit);
        }
        run(first, to.postSql());
        commit(first);
    }

    private void commit(Database session) {
        try {
            session.jdbc().commit();
        } catch (SQLException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    session.told("COMMIT", e)
                            + ". Whether the rows are in " + to.table()
                            + " is not known when the connection ended just now: look before you run the job again.",
                    e);
        }
    }

    @Override
    public void stop() {
        for (Database session : sessions) {
            try {
                session.jdbc().abort(Runnable::run);
            } catch (SQLException e) {
                throw session.failed("abort", e);
            }
        }
    }

    @Override
    public void close() {
        // what is not committed is rolled back by the database
        sessions.forEach(Database::close);
        sessions.clear();
    }
}
