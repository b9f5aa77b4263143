package io.granary.tablestore;

import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.net.SocketException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.thrift.transport.TTransportException;

/**
 * A session over the HiveServer2 protocol (Spark Thrift Server, Kyuubi). Its time zone is UTC; dynamic partitions may be
 * written without a static one.
 *
 * <p>The driver builds {@link java.sql.Timestamp} in the time zone of this JVM: a process that reads timestamps runs in
 * UTC, else hours that a daylight-saving change leaves out are shifted.
 */
public final class HiveJdbcSession implements SqlSession {
    private static final int FETCH_ROWS = 1000;
    private static final Duration CANCELLED_WITHIN = Duration.ofSeconds(3);

    private final String url;
    private final Connection connection;
    private volatile Statement running;
    private Statement cancelled;
    private long cancelledAt;

    private HiveJdbcSession(String url, Connection connection) {
        this.url = url;
        this.connection = connection;
    }

    /** Opens a session on the server of {@code sql} in the profile. */
    public static HiveJdbcSession open(Profile profile) {
        return open(profile.sql());
    }

    /**
     * Opens a session as the user of this process.
     *
     * @param jdbcUrl such as {@code jdbc:hive2://127.0.0.1:10000/}
     * @throws GranaryException when nobody answers there
     */
    public static HiveJdbcSession open(String jdbcUrl) {
        Connection connection;
        try {
            Class.forName("org.apache.hive.jdbc.HiveDriver");
            connection = DriverManager.getConnection(jdbcUrl, System.getProperty("user.name"), "");
        } catch (ClassNotFoundException e) {
            throw new GranaryException(
                    ErrorCode.INTERNAL, "the Hive JDBC driver is not on this verb's class path (group spark)", e);
        } catch (SQLException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "cannot open a SQL session at " + jdbcUrl + ": " + EngineMessage.clean(e.getMessage())
                            + ". See `granary status`, or the value of `sql` in the profile.",
                    e);
        }
        HiveJdbcSession session = new HiveJdbcSession(jdbcUrl, connection);
        try {
            session.prepare();
        } catch (GranaryException e) {
            session.close();
            throw e;
        }
        return session;
    }

    private void prepare() {
        Rows zone = query("SELECT current_timezone()");
        if (!"UTC".equals(zone.rows().get(0).get(0))) {
            execute("SET spark.sql.session.timeZone=UTC");
        }
        execute("SET hive.exec.dynamic.partition.mode=nonstrict");
    }

    @Override
    public void execute(String sql) {
        run(sql, new RowReader() {
            @Override
            public void columns(List<ResultColumn> columns) {}

            @Override
            public void row(List<Object> cells) {}
        });
    }

    @Override
    public Rows query(String sql) {
        List<String> names = new ArrayList<>();
        List<List<Object>> rows = new ArrayList<>();
        run(sql, new RowReader() {
            @Override
            public void columns(List<ResultColumn> columns) {
                columns.forEach(column -> names.add(column.name()));
            }

            @Override
            public void row(List<Object> cells) {
                rows.add(cells);
            }
        });
        return new Rows(names, rows);
    }

    /**
     * Runs any one statement and hands its rows over one by one, for results that memory need not hold.
     *
     * @throws GranaryException with the engine's own message and the statement's first lines
     */
    public void run(String sql, RowReader reader) {
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(FETCH_ROWS);
            running = statement;
            if (!statement.execute(sql)) {
                reader.columns(List.of());
                return;
            }
            try (ResultSet rows = statement.getResultSet()) {
                read(rows, reader);
            }
        } catch (SQLException e) {
            throw failure(sql, e);
        } finally {
            running = null;
        }
    }

    private static void read(ResultSet rows, RowReader reader) throws SQLException {
        ResultSetMetaData meta = rows.getMetaData();
        int width = meta.getColumnCount();
        List<ResultColumn> columns = new ArrayList<>(width);
        for (int i = 1; i <= width; i++) {
            columns.add(new ResultColumn(meta.getColumnLabel(i), meta.getColumnTypeName(i)));
        }
        reader.columns(columns);
        while (rows.next()) {
            List<Object> cells = new ArrayList<>(width);
            for (int i = 1; i <= width; i++) {
                cells.add(rows.getObject(i));
            }
            reader.row(cells);
        }
    }

    private GranaryException failure(String sql, SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        if (isLost(e)) {
            return new GranaryException(
                    ErrorCode.EXTERNAL,
                    "the SQL server at " + url + " went away during a statement (" + EngineMessage.clean(e.getMessage())
                            + "). See `granary status` and the server's log; when it is back, run this again."
                            + "\nstatement: " + EngineMessage.firstLines(sql),
                    e);
        }
        String message = EngineMessage.clean(e.getMessage()) + EngineMessage.advice(e.getMessage()) + "\nstatement: "
                + EngineMessage.firstLines(sql);
        if (state.startsWith("42")) {
            return new GranaryException(ErrorCode.DEFINITION, message, e);
        }
        if (state.startsWith("22")) {
            return new GranaryException(ErrorCode.DATA, message, e);
        }
        return new GranaryException(ErrorCode.EXTERNAL, message + "\nserver: " + url, e);
    }

    /** The connection broke: whether the statement was done is not known. */
    private static boolean isLost(SQLException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof TTransportException || cause instanceof SocketException) {
                return true;
            }
        }
        return e.getSQLState() != null && e.getSQLState().startsWith("08");
    }

    /**
     * Asks the server to stop; the driver waits for its own poll in flight first, up to five seconds. The driver cancels
     * a statement once, and loses that when the statement is just being sent: asked again while it still runs, the
     * session itself is closed, which ends it on the server too.
     */
    @Override
    public synchronized void cancel() {
        Statement statement = running;
        if (statement == null) {
            return;
        }
        try {
            if (statement == cancelled) {
                if (System.nanoTime() - cancelledAt > CANCELLED_WITHIN.toNanos()) {
                    connection.close();
                }
                return;
            }
            cancelled = statement;
            cancelledAt = System.nanoTime();
            statement.cancel();
        } catch (SQLException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "the statement could not be cancelled: " + EngineMessage.clean(e.getMessage()),
                    e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // the server is gone: nothing is left to be closed
            org.slf4j.LoggerFactory.getLogger(HiveJdbcSession.class).debug("closing the session at {}", url, e);
        }
    }

    /** Takes a result as it comes. {@link #columns} is called once, before the first row. */
    public interface RowReader {
        /** Empty for a statement that has no result. */
        void columns(List<ResultColumn> columns);

        /** A cell is null or what the driver gave. */
        void row(List<Object> cells);
    }

    /** A column of a result; {@code type} is the server's name, such as {@code bigint} or {@code decimal}. */
    public record ResultColumn(String name, String type) {}
}
