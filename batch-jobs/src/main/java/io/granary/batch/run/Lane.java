package io.granary.batch.run;

import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.Sessions;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableStore;
import io.granary.warehouse.config.Profile;
import io.granary.warehouse.error.GranaryException;

/** What one thread works with: neither a session nor a store may be shared. */
record Lane(SqlSession session, TableStore store) implements AutoCloseable {
    /** Opens lanes, one for each thread. */
    @FunctionalInterface
    interface Opener {
        Lane open();
    }

    static Lane open(Profile profile, Sessions sessions) {
        SqlSession session = sessions.open(profile);
        try {
            return new Lane(session, HiveTableStore.open(profile, session));
        } catch (GranaryException e) {
            session.close();
            throw e;
        }
    }

    @Override
    public void close() {
        store.close();
        session.close();
    }
}
