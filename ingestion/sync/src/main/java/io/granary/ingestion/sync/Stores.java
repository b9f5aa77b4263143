package io.granary.ingestion.sync;

import io.granary.tablestore.HadoopSettings;
import io.granary.tablestore.HiveTableStore;
import io.granary.tablestore.Sessions;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.TableStore;
import io.granary.warehouse.config.Profile;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;

/** The stores a job works on. */
public interface Stores {
    /** Those of the profile: Hive tables on its file system. */
    static Stores of(Profile profile) {
        return of(profile, Sessions.HIVE_JDBC);
    }

    /** @param sessions where the statements run that make tables */
    static Stores of(Profile profile, Sessions sessions) {
        return new Stores() {
            @Override
            public Configuration hadoop() {
                return HadoopSettings.of(profile);
            }

            @Override
            public <T> T tables(Function<TableStore, T> work) {
                // the SQL engine is asked only where a table has to be made
                try (SqlSession sql = new LazySession(() -> sessions.open(profile));
                        TableStore store = HiveTableStore.open(profile, sql)) {
                    return work.apply(store);
                }
            }
        };
    }

    Configuration hadoop();

    /** Opens the tables for a piece of work. */
    <T> T tables(Function<TableStore, T> work);

    /** A session that is opened when it is first used. */
    final class LazySession implements SqlSession {
        private final Supplier<SqlSession> opening;
        private SqlSession session;

        LazySession(Supplier<SqlSession> opening) {
            this.opening = opening;
        }

        private SqlSession session() {
            if (session == null) {
                session = opening.get();
            }
            return session;
        }

        @Override
        public void execute(String sql) {
            session().execute(sql);
        }

        @Override
        public Rows query(String sql) {
            return session().query(sql);
        }

        @Override
        public void cancel() {
            if (session != null) {
                session.cancel();
            }
        }

        @Override
        public void close() {
            if (session != null) {
                session.close();
            }
        }
    }
}
