package io.granary.ingestion.sync.jdbc;

import io.granary.warehouse.config.Connection;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/**
 * One session on a MariaDB or MySQL database, in UTC and in strict mode: what does not fit a column is an error, never
 * cut. Not thread-safe.
 */
public final class Database implements AutoCloseable {
    private static final String SESSION = "SET SESSION time_zone = '+00:00', net_write_timeout = 600,"
            + " sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'";

    private final Connection address;
    private final java.sql.Connection jdbc;

    private Database(Connection address, java.sql.Connection jdbc) {
        this.address = address;
        this.jdbc = jdbc;
    }

    /**
     * Opens a session.
     *
     * @throws GranaryException naming the address when it cannot be reached
     */
    public static Database open(Connection address) {
        Properties properties = new Properties();
        properties.setProperty("user", address.user());
        properties.setProperty("password", address.password());
        properties.setProperty("tinyInt1isBit", "false");
        properties.setProperty("yearIsDateType", "false");
        properties.setProperty("useBulkStmts", "true");
        properties.setProperty("allowLocalInfile", "false");
        properties.setProperty("connectTimeout", "10000");
        try {
            java.sql.Connection jdbc = DriverManager.getConnection(address.jdbcUrl(), properties);
            try (Statement statement = jdbc.createStatement()) {
                statement.execute(SESSION);
                return new Database(address, jdbc);
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

    /** The one number a query answers. */
    public long number(String sql) {
        try (Statement statement = jdbc.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw failed(sql, e);
        }
    }

    /**
     * The columns of a table or view in their order; empty when there is no such table.
     *
     * @throws GranaryException when a column has a type that cannot be kept exactly
     */
    public List<DatabaseColumn> columns(String table) {
        List<DatabaseColumn> columns = new ArrayList<>();
        String pattern = table.replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%");
        try (ResultSet rows = jdbc.getMetaData().getColumns(address.database(), null, pattern, "%")) {
            while (rows.next()) {
                if (rows.getString("TABLE_NAME").equals(table)) {
                    columns.add(DatabaseColumn.of(
                            address.database() + "." + table,
                            rows.getString("COLUMN_NAME"),
                            rows.getString("TYPE_NAME").toLowerCase(Locale.ROOT),
                            rows.getInt("COLUMN_SIZE"),
                            rows.getInt("DECIMAL_DIGITS"),
                            rows.getString("REMARKS")));
                }
            }
            return List.copyOf(columns);
        } catch (SQLException e) {
            throw failed("metadata of " + table, e);
        }
    }

    /** The first tables there are, for messages. */
    public List<String> tables() {
        List<String> tables = new ArrayList<>();
        try (ResultSet rows =
                jdbc.getMetaData().getTables(address.database(), null, "%", new String[] {"TABLE", "VIEW"})) {
            while (rows.next() && tables.size() < 20) {
                tables.add(rows.getString("TABLE_NAME"));
            }
            return tables;
        } catch (SQLException e) {
            throw failed("metadata of " + address.database(), e);
        }
    }

    public GranaryException failed(String what, SQLException e) {
        return new GranaryException(
                ErrorCode.EXTERNAL, "connection " + address + ": " + e.getMessage() + " (in: " + what + ")", e);
    }

    /** A name as SQL writes it, whatever is in it. */
    public static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    /** A text as a SQL literal. */
    public static String literal(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
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
