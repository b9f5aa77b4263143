package io.granary.serving;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.config.DatabaseType;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The databases of the sharing layer, by the connection names of the profile; one small pool for each. */
final class ShareDatabases implements AutoCloseable {
    private static final int CONNECTIONS = 4;
    private static final Duration WAIT = Duration.ofMillis(2_500);
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration READ = Duration.ofSeconds(30);

    private final Profile profile;
    private final Map<String, Pool> pools = new ConcurrentHashMap<>();

    ShareDatabases(Profile profile) {
        this.profile = profile;
    }

    private record Pool(Connection target, HikariDataSource source) {}

    /** Work on a connection, which gives it back by returning. */
    interface Work<T> {
        T on(java.sql.Connection connection) throws SQLException;
    }

    /**
     * Runs reading work in one transaction, so that all its statements see one state of the database.
     *
     * @throws GranaryException EXTERNAL when the database cannot be reached or refuses
     */
    <T> T read(String name, Work<T> work) {
        Pool pool = pools.computeIfAbsent(name, this::open);
        try (java.sql.Connection connection = pool.source().getConnection()) {
            connection.setAutoCommit(false);
            try {
                return work.on(connection);
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw new GranaryException(
                    ErrorCode.EXTERNAL,
                    "the share database " + pool.target().host() + ":"
                            + pool.target().port() + "/"
                            + pool.target().database() + ", which holds the reports, "
                            + (e.getSQLState() == null || e.getSQLState().startsWith("08")
                                    ? "cannot be reached"
                                    : "refused the query (SQL state " + e.getSQLState() + ")")
                            + ". Try again; `granary status` shows its state.",
                    e);
        }
    }

    @Override
    public void close() {
        pools.values().forEach(pool -> pool.source().close());
    }

    private Pool open(String name) {
        Connection target = profile.connection(name);
        HikariConfig config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(target.jdbcUrl());
        config.setUsername(target.user());
        config.setPassword(target.password());
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(WAIT.toMillis());
        config.setValidationTimeout(CONNECT.toMillis());
        // The database may come up after this process.
        config.setInitializationFailTimeout(-1);
        // the drivers' units differ
        boolean seconds = target.type() == DatabaseType.POSTGRESQL;
        config.addDataSourceProperty(
                "connectTimeout", Long.toString(seconds ? CONNECT.toSeconds() : CONNECT.toMillis()));
        config.addDataSourceProperty("socketTimeout", Long.toString(seconds ? READ.toSeconds() : READ.toMillis()));
        return new Pool(target, new HikariDataSource(config));
    }
}
