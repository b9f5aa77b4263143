package io.granary.ingestion.flume.poll;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Properties;

/** What is said differently to the databases that can be polled. */
enum DatabaseKind {
    MYSQL("`", "SET time_zone = '+00:00'", "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))") {
        @Override
        void settle(Properties driver) {
            driver.setProperty("tinyInt1isBit", "false");
            driver.setProperty("yearIsDateType", "false");
            driver.putIfAbsent("connectTimeout", "10000");
            driver.putIfAbsent("socketTimeout", "60000");
        }

        @Override
        String lock() {
            return "SELECT GET_LOCK(?, 0)";
        }
    },
    POSTGRESQL("\"", "SET TIME ZONE 'UTC'", "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)") {
        @Override
        void settle(Properties driver) {
            // times and identifiers are given as text, and the column says what they are
            driver.setProperty("stringtype", "unspecified");
            driver.putIfAbsent("connectTimeout", "10");
            driver.putIfAbsent("socketTimeout", "60");
        }

        @Override
        String lock() {
            return "SELECT CAST(pg_try_advisory_lock(hashtextextended(?, 0)) AS INT)";
        }
    };

    private final String quote;
    private final String session;
    private final String now;

    DatabaseKind(String quote, String session, String now) {
        this.quote = quote;
        this.session = session;
        this.now = now;
    }

    /** Settings of the driver that are not the user's to choose, and timeouts where the user chose none. */
    abstract void settle(Properties driver);

    /** Gives 1 when the session has got a lock of that name. */
    abstract String lock();

    /** Microseconds since 1970. */
    String now() {
        return now;
    }

    String quoted(String name) {
        return quote + name.replace(quote, quote + quote) + quote;
    }

    /** @param name perhaps with the schema in front */
    String table(String name) {
        return String.join(
                ".", Arrays.stream(name.split("\\.")).map(this::quoted).toList());
    }

    /** Sets a session up: UTC, nothing is written, each statement sees what is committed. */
    void begin(Connection connection) throws SQLException {
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            statement.execute(session);
        }
        connection.setReadOnly(true);
        connection.setAutoCommit(false);
    }

    /** Whether this session alone polls for a source; the lock ends with the session. */
    boolean isAlone(Connection connection, String source) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(lock())) {
            statement.setString(
                    1,
                    "granary " + Integer.toHexString(source.hashCode()) + " "
                            + source.substring(0, Math.min(40, source.length())));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getInt(1) == 1;
            }
        } finally {
            connection.rollback();
        }
    }
}
