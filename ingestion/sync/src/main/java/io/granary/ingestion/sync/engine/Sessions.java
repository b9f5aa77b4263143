package io.granary.ingestion.sync.engine;

import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.Snapshot;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;

/** The sessions of one snapshot; a thread has one of them as long as it works with it. */
final class Sessions implements AutoCloseable {
    private final Snapshot snapshot;
    private final BlockingQueue<Database> free = new LinkedBlockingQueue<>();

    private Sessions(Snapshot snapshot) {
        this.snapshot = snapshot;
    }

    /** @param setUp statements for each session */
    static Sessions open(Connection address, List<String> tables, int wanted, List<String> setUp) {
        Sessions sessions = new Sessions(Snapshot.open(address, tables, wanted));
        try {
            for (int i = 0; i < sessions.snapshot.sessions(); i++) {
                Database session = sessions.snapshot.session(i);
                setUp.forEach(session::execute);
                sessions.free.add(session);
            }
            return sessions;
        } catch (RuntimeException e) {
            sessions.close();
            throw e;
        }
    }

    /** Works with a session, when one is free. */
    <T> T use(Function<Database, T> work) {
        Database session;
        try {
            session = free.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the job is stopped");
        }
        try {
            return work.apply(session);
        } finally {
            free.add(session);
        }
    }

    /** Cuts the sessions off, whatever they wait for. */
    void abort() {
        for (int i = 0; i < snapshot.sessions(); i++) {
            Database session = snapshot.session(i);
            try {
                session.jdbc().abort(Runnable::run);
            } catch (SQLException e) {
                throw new GranaryException(
                        ErrorCode.EXTERNAL, "connection " + session.address() + " cannot be cut: " + e.getMessage(), e);
            }
        }
    }

    @Override
    public void close() {
        snapshot.close();
    }
}
