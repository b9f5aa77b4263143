package io.granary.ingestion.sync.jdbc;

import io.granary.warehouse.config.Connection;
import io.granary.warehouse.error.GranaryException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions that all see the database as it was at one moment, for as long as the snapshot is open, whatever is written
 * meanwhile.
 *
 * <p>PostgreSQL exports a snapshot that the other sessions take. MariaDB and MySQL have none to export: a coordinator locks
 * the tables for writing (not for reading) while the sessions begin, some milliseconds. Where it may not lock, or a writer
 * does not finish in time, there is one session instead of several, and the log says so. Oracle and SQL Server always have
 * one.
 */
public final class Snapshot implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Snapshot.class);
    /** How long the coordinator waits for writers; who reads may have to wait for it as long. */
    private static final int LOCK_WAIT_SECONDS = 10;

    private final List<Database> sessions = new ArrayList<>();
    private final int lockWaitSeconds;
    private boolean consistent = true;

    private Snapshot(int lockWaitSeconds) {
        this.lockWaitSeconds = lockWaitSeconds;
    }

    /**
     * Opens a snapshot.
     *
     * @param tables that will be read
     * @param sessions how many are wanted; there may be fewer
     */
    public static Snapshot open(Connection connection, List<String> tables, int sessions) {
        return open(connection, tables, sessions, LOCK_WAIT_SECONDS);
    }

    static Snapshot open(Connection connection, List<String> tables, int sessions, int lockWaitSeconds) {
        Snapshot snapshot = new Snapshot(lockWaitSeconds);
        try {
            snapshot.begin(connection, tables, sessions);
            return snapshot;
        } catch (RuntimeException e) {
            snapshot.close();
            throw e;
        }
    }

    /** A session; each is for one thread at a time. */
    public Database session(int i) {
        return sessions.get(i);
    }

    /** How many sessions there are, at least one. */
    public int sessions() {
        return sessions.size();
    }

    /** Whether the database keeps one view over all statements of the snapshot. */
    public boolean consistent() {
        return consistent;
    }

    @Override
    public void close() {
        RuntimeException failure = null;
        for (Database session : sessions) {
            try {
                session.close();
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        sessions.clear();
        if (failure != null) {
            LOG.warn("a session of a snapshot did not close: {}", failure.getMessage());
        }
    }

    private void begin(Connection connection, List<String> tables, int wanted) {
        switch (connection.type()) {
            case MARIADB, MYSQL -> beginLocked(connection, tables, wanted);
            default -> beginExported(connection, wanted);
        }
        Database first = sessions.get(0);
        consistent = first.dialect().consistent(first, tables);
        if (!consistent) {
            LOG.warn(
                    "tables {} of connection {} have no transactions: rows that change while they are read can be read"
                            + " before or after the change",
                    tables,
                    connection.name());
        }
    }

    private Database add(Connection connection) {
        Database session = Database.open(connection);
        sessions.add(session);
        session.beginSnapshot();
        return session;
    }

    private void beginExported(Connection connection, int wanted) {
        Database first = add(connection);
        first.dialect().exportSnapshot().map(first::value).ifPresent(exported -> {
            for (int i = 1; i < wanted; i++) {
                Database session = Database.open(connection);
                sessions.add(session);
                session.joinSnapshot(exported);
            }
        });
    }

    private void beginLocked(Connection connection, List<String> tables, int wanted) {
        if (wanted == 1) {
            add(connection);
            return;
        }
        try (Database coordinator = Database.open(connection)) {
            if (locked(coordinator, tables)) {
                for (int i = 0; i < wanted; i++) {
                    add(connection);
                }
            } else {
                add(connection);
            }
            coordinator.execute("UNLOCK TABLES");
        }
    }

    private boolean locked(Database coordinator, List<String> tables) {
        coordinator.execute("SET SESSION lock_wait_timeout = " + lockWaitSeconds);
        try {
            coordinator.execute("LOCK TABLES "
                    + String.join(
                            ", ",
                            tables.stream()
                                    .map(t -> coordinator.dialect().table(t) + " READ")
                                    .toList()));
            return true;
        } catch (GranaryException e) {
            LOG.warn(
                    "tables {} are read in one session: they cannot be locked while several begin ({})",
                    tables,
                    e.getMessage());
            return false;
        }
    }
}
