package io.granary.ingestion.sync.jdbc;

import io.granary.ingestion.sync.row.RowSums;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One session on a database, in UTC and strict: what does not fit a column is an error, never cut. Not thread-safe.
 */
public final class Database implements AutoCloseable {
    private final Connection address;
    private final Dialect dialect;
    private final java.sql.Connection jdbc;

    private Database(Connection address, Dialect dialect, java.sql.Connection jdbc) {
        this.address = address;
        this.dialect = dialect;
        this.jdbc = jdbc;
    }

    /**
     * Opens a session.
     *
     * @throws GranaryException naming the address when it cannot be reached
     */
    public static Database open(Connection address) {
        Dialect dialect = Dialect.of(address.type());
        try {
            java.sql.Connection jdbc = Drivers.of(address).connect(address.jdbcUrl(), dialect.properties(address));
            try (Statement statement = jdbc.createStatement()) {
                for (String sql : dialect.session()) {
                    statement.execute(sql);
                }
                return new Database(address, dialect, jdbc);
            } catch (SQLException e) {
                jdbc.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "cannot open connection " + address + ": " + e.getMessage()
                            + ". Is the database up (`granary status`), and are host, user and password in the profile"
                            + " right?",
                    e);
        }
    }

    public Connection address() {
        return address;
    }

    public Dialect dialect() {
        return dialect;
    }

    public java.sql.Connection jdbc() {
        return jdbc;
    }

    public void execute(String sql) {
        try (Statement statement = jdbc.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw failed(sql, e);
        }
    }

    /** Begins a read-only transaction that sees the database as it is now, until its end. */
    public void beginSnapshot() {
        begin(dialect.beginSnapshot());
    }

    /** Begins a transaction that sees what another session sees in its own. */
    void joinSnapshot(String exported) {
        begin(dialect.joinSnapshot(exported));
    }

    private void begin(List<String> statements) {
        try {
            jdbc.setAutoCommit(false);
        } catch (SQLException e) {
            throw failed("begin", e);
        }
        statements.forEach(this::execute);
    }

    /** A statement whose results pass through without being held: as many rows at a time as the dialect says. */
    public Statement streaming() {
        return streaming(dialect.fetchRows());
    }

    /** The same for a query of a table's rows, which may be large. */
    public Statement streaming(String table) {
        return streaming(dialect.fetchRows(this, table));
    }

    private Statement streaming(int rows) {
        try {
            if (dialect.streamsInTransactionOnly() && jdbc.getAutoCommit()) {
                throw new IllegalStateException(dialect.type() + " holds the whole result outside a transaction");
            }
            Statement statement = jdbc.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
            statement.setFetchSize(rows);
            return statement;
        } catch (SQLException e) {
            throw failed("new statement", e);
        }
    }

    /** The one number a query answers. */
    public long number(String sql) {
        return Long.parseLong(value(sql));
    }

    /** The one value a query answers, as text; null when it is NULL or there is no row. */
    public String value(String sql) {
        List<String> values = rows(sql, row -> row.getString(1));
        return values.isEmpty() ? null : values.get(0);
    }

    /** Makes something of each row of a small result. */
    public <T> List<T> rows(String sql, RowMapper<T> mapper) {
        try (Statement statement = jdbc.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<T> rows = new ArrayList<>();
            while (result.next()) {
                rows.add(mapper.map(result));
            }
            return rows;
        } catch (SQLException e) {
            throw failed(sql, e);
        }
    }

    /** What is made of a row. */
    @FunctionalInterface
    public interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    /**
     * The columns of a table or view in their order; empty when there is no such table.
     *
     * @throws GranaryException when a column has a type that cannot be kept exactly
     */
    public List<DatabaseColumn> columns(String table) {
        return dialect.columns(this, table);
    }

    /**
     * Some columns of a table, in the order asked for.
     *
     * @throws GranaryException when the table has no such column, or there is no such table
     */
    public List<DatabaseColumn> columns(String table, List<String> names) {
        List<DatabaseColumn> all = columns(table);
        return names.stream()
                .map(name -> all.stream()
                        .filter(c -> c.name().equalsIgnoreCase(name))
                        .findFirst()
                        .orElseThrow(() -> new GranaryException(
                                ErrorCode.DEFINITION,
                                "table " + table + " in connection " + address + " has no column '" + name
                                        + "'; it has: "
                                        + all.stream().map(DatabaseColumn::name).toList())))
                .toList();
    }

    /**
     * The query that reads these columns without losing a digit.
     *
     * @param condition SQL, or null for all rows
     */
    public String select(String table, List<DatabaseColumn> columns, String condition) {
        return "SELECT " + columns.stream().map(dialect::selected).collect(Collectors.joining(", "))
                + from(table, condition);
    }

    /**
     * The columns of a query's result. Their comments are empty, no column is a key, and any may be NULL.
     *
     * @throws GranaryException when a column has a type that cannot be kept exactly
     */
    public List<DatabaseColumn> columnsOfQuery(String query) {
        try (Statement statement = jdbc.createStatement()) {
            statement.setMaxRows(1);
            try (ResultSet result = statement.executeQuery(query)) {
                ResultSetMetaData metadata = result.getMetaData();
                List<DatabaseColumn> columns = new ArrayList<>();
                for (int i = 1; i <= metadata.getColumnCount(); i++) {
                    SourceType type = dialect.sourceType(metadata, i);
                    String name = metadata.getColumnLabel(i);
                    columns.add(new DatabaseColumn(name, dialect.hiveType(name, type), "", type.text(), true, 0));
                }
                return List.copyOf(columns);
            }
        } catch (SQLException e) {
            throw failed(query, e);
        }
    }

    /** Names of the columns of the primary key in its order; empty when there is none. */
    public List<String> primaryKey(String table) {
        return columns(table).stream()
                .filter(c -> c.key() > 0)
                .sorted(Comparator.comparingInt(DatabaseColumn::key))
                .map(DatabaseColumn::name)
                .toList();
    }

    /** The first tables and views there are, for messages. */
    public List<String> tables() {
        return tables("*").stream().limit(20).toList();
    }

    /**
     * Tables and views whose names match, in the order of their names.
     *
     * @param pattern {@code *} stands for any characters: {@code orders_*}
     */
    public List<String> tables(String pattern) {
        Pattern names = Pattern.compile("\\Q" + pattern.replace("*", "\\E.*\\Q") + "\\E");
        try (ResultSet rows = dialect.tables(jdbc)) {
            List<String> tables = new ArrayList<>();
            while (rows.next()) {
                String name = rows.getString("TABLE_NAME");
                if (names.matcher(name).matches()) {
                    tables.add(name);
                }
            }
            tables.sort(Comparator.naturalOrder());
            return tables;
        } catch (SQLException e) {
            throw failed("tables of " + address.database(), e);
        }
    }

    /**
     * What the database itself counts: rows, and of each column the values and their exact sum.
     *
     * @param condition SQL, or null for all rows
     */
    public RowSums sums(String table, List<DatabaseColumn> columns, String condition) {
        return Sums.of(this, "", from(table, condition), columns);
    }

    /**
     * A checksum over all values of these columns and rows, whatever their order: when it is the same, so are the rows. The
     * database computes it and reads each row once, which costs it about as much as sending the rows.
     *
     * @param condition SQL, or null for all rows
     * @return null for Oracle and SQL Server
     */
    public String fingerprint(String table, List<DatabaseColumn> columns, String condition) {
        String fingerprint = dialect.fingerprint(columns);
        return fingerprint == null ? null : value("SELECT " + fingerprint + from(table, condition));
    }

    /** {@code FROM} and {@code WHERE}; with a blank in front. */
    public String from(String table, String condition) {
        return " FROM " + dialect.table(table) + (condition == null ? "" : " WHERE " + condition);
    }

    /** What was done, and that it failed; of a lost connection also what to do. */
    public GranaryException failed(String what, SQLException e) {
        return new GranaryException(ErrorCode.EXTERNAL, told(what, e) + LostConnection.advice(e), e);
    }

    /** What was done, and that it failed. */
    public String told(String what, SQLException e) {
        return "connection " + address + ": " + e.getMessage() + " (in: " + what + ")";
    }

    @Override
    public void close() {
        try {
            jdbc.close();
        } catch (SQLException e) {
            throw failed("close", e);
        }
    }
}
