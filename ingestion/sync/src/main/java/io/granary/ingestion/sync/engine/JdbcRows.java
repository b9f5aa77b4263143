package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.job.RdbmsWriter;
import io.granary.ingestion.sync.orc.OrcToRow;
import io.granary.ingestion.sync.row.CellText;
import io.granary.ingestion.sync.row.DirtyRow;
import io.granary.ingestion.sync.row.DirtySink;
import io.granary.ingestion.sync.row.RowPart;
import io.granary.ingestion.sync.row.RowSizes;
import io.granary.ingestion.sync.row.RowSums;
import io.granary.ingestion.sync.row.RowWriter;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.List;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;

/**
 * The rows of one part on their way into a table. Rows are sent in batches; of a batch that the database refuses because of
 * a row, everything is taken back and the rows are sent one by one, so that those at fault are found and none is lost or
 * doubled.
 */
final class JdbcRows implements RowWriter.Part {
    /** Deadlock, and a snapshot that cannot be kept: SQL's class 40; the whole transaction is gone. */
    private static final String ROLLED_BACK = "40";

    private final Database database;
    private final String insert;
    private final RdbmsWriter to;
    private final TypeDescription schema;
    private final RowPart part;
    private final DirtySink dirty;
    private final Runnable free;
    private final OrcToRow row;
    private final PreparedStatement statement;
    private long seen;
    private long written;

    /** @param free gives the session back */
    JdbcRows(
            Database database,
            String insert,
            RdbmsWriter to,
            TypeDescription schema,
            RowPart part,
            DirtySink dirty,
            Runnable free) {
        this.database = database;
        this.insert = insert;
        this.to = to;
        this.schema = schema;
        this.part = part;
        this.dirty = dirty;
        this.free = free;
        this.row = new OrcToRow(database.dialect(), schema);
        try {
            this.statement = database.jdbc().prepareStatement(insert);
        } catch (SQLException e) {
            free.run();
            throw database.failed(insert, e);
        }
    }

    @Override
    public void write(VectorizedRowBatch batch) {
        RowSizes sizes = new RowSizes(batch);
        int from = 0;
        long bytes = 0;
        try {
            for (int at = 0; at < batch.size; at++) {
                bytes += sizes.of(at);
                if (at + 1 == batch.size || at + 1 - from == to.batchSize() || bytes >= to.batchByteSize()) {
                    send(batch, from, at + 1);
                    from = at + 1;
                    bytes = 0;
                }
            }
            seen += batch.size;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private void send(VectorizedRowBatch batch, int from, int to) throws SQLException {
        Savepoint before = database.jdbc().setSavepoint();
        try {
            int added = 0;
            for (int at = from; at < to; at++) {
                if (bound(batch, at)) {
                    statement.addBatch();
                    added++;
                }
            }
            if (added > 0) {
                statement.executeBatch();
            }
            database.jdbc().releaseSavepoint(before);
            written += added;
        } catch (SQLException e) {
            if (!isOfARow(e)) {
                throw e;
            }
            statement.clearBatch();
            database.jdbc().rollback(before);
            oneByOne(batch, from, to);
        }
    }

    /** Rows that no database can hold were reported when the batch was made. */
    private void oneByOne(VectorizedRowBatch batch, int from, int to) throws SQLException {
        for (int at = from; at < to; at++) {
            if (row.refusal(batch, at) != null) {
                continue;
            }
            row.bind(batch, at, statement);
            Savepoint before = database.jdbc().setSavepoint();
            try {
                statement.executeUpdate();
                database.jdbc().releaseSavepoint(before);
                written++;
            } catch (SQLException e) {
                if (!isOfARow(e)) {
                    throw e;
                }
                database.jdbc().rollback(before);
                dirty(batch, at, e.getMessage());
            }
        }
    }

    private boolean bound(VectorizedRowBatch batch, int at) throws SQLException {
        String refused = row.refusal(batch, at);
        if (refused != null) {
            dirty(batch, at, refused);
            return false;
        }
        row.bind(batch, at, statement);
        return true;
    }

    private void dirty(VectorizedRowBatch batch, int at, String reason) {
        dirty.dirty(new DirtyRow(
                part.what() + ", row " + (seen + at + 1) + " for table " + to.table(),
                null,
                CellText.row(schema, batch, at),
                reason));
    }

    /**
     * Whether a row's values are at fault: data exceptions (22) and violated constraints (23), and what the databases say
     * outside of these classes.
     */
    private static boolean isOfARow(SQLException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                String state = sql.getSQLState();
                boolean mariaDb = state.equals("HY000") && (sql.getErrorCode() == 1366 || sql.getErrorCode() == 1364);
                boolean oracle = state.equals("72000") && sql.getErrorCode() == 12899;
                if (state.startsWith("22") || state.startsWith("23") || mariaDb || oracle) {
                    return true;
                }
            }
        }
        return false;
    }

    private GranaryException failed(SQLException e) {
        GranaryException failure = database.failed(insert, e);
        return e.getSQLState() != null && e.getSQLState().startsWith(ROLLED_BACK)
                ? new GranaryException(
                        ErrorCode.BUSY,
                        failure.getMessage()
                                + ". The database rolled all back because of what others do in it; run the job again.",
                        e)
                : failure;
    }

    /** Columns are added up when all parts are written ({@link TargetRows}). */
    @Override
    public RowSums finish() {
        return new RowSums(written, List.of());
    }

    @Override
    public void close() {
        try {
            statement.close();
        } catch (SQLException e) {
            throw database.failed(insert, e);
        } finally {
            free.run();
        }
    }
}
