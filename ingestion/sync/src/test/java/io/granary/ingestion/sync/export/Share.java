package io.granary.ingestion.sync.export;

import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.ingestion.sync.jdbc.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A database of its own that a table of visits is exported into. */
record Share(Kind kind, int port, String database) {
    /** What a mix of two versions of the table would show in. */
    static final String ALL = "SELECT count(*), sum(hits), min(hits), max(hits), min(ds), max(ds) FROM visits";

    private static final AtomicInteger DATABASES = new AtomicInteger();

    enum Kind {
        MARIADB,
        POSTGRESQL;

        private int port() throws Exception {
            return this == MARIADB
                    ? MariaDbServer.shared().port()
                    : PostgresServer.shared().port();
        }
    }

    /** What readers live through. */
    interface Work {
        void run() throws Exception;
    }

    /** On the shared server. */
    static Share of(Kind kind) throws Exception {
        String name = "exports_" + DATABASES.incrementAndGet();
        if (kind == Kind.MARIADB) {
            MariaDbServer.shared().database(name);
        } else {
            PostgresServer.shared().database(name);
        }
        return new Share(kind, kind.port(), name);
    }

    /** The name of the database's kind in the profile, and in its driver's URL. */
    String type() {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    Connection connect() throws SQLException {
        String url = "jdbc:" + type() + "://127.0.0.1:" + port + "/" + database;
        return DriverManager.getConnection(url, "granary", "granary-secret");
    }

    Exported exported(Path home, String mode) throws Exception {
        return new Exported(home, type(), port, database, mode);
    }

    void execute(String... statements) throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    List<String> rows(String sql) throws Exception {
        try (Connection connection = connect()) {
            return rows(connection, sql);
        }
    }

    static List<String> rows(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(result.getString(i));
                }
                rows.add(String.join(" ", row));
            }
            return rows;
        }
    }

    List<String> shadows() throws Exception {
        return rows("SELECT table_name FROM information_schema.tables WHERE table_name LIKE '%granary%'"
                + " AND table_name <> 'granary_exports' AND table_schema = '"
                + (kind == Kind.MARIADB ? database : "public") + "'");
    }

    /** What readers see of the table while something happens. */
    Collection<String> seen(Work work) throws Exception {
        Collection<String> seen = new ConcurrentSkipListSet<>();
        AtomicBoolean stop = new AtomicBoolean();
        Thread reader = new Thread(() -> {
            try (Connection connection = connect()) {
                while (!stop.get()) {
                    seen.addAll(rows(connection, ALL));
                    Thread.sleep(1);
                }
            } catch (Exception e) {
                seen.add(e.toString());
            }
        });
        reader.start();
        try {
            work.run();
        } finally {
            stop.set(true);
            reader.join();
        }
        return seen;
    }
}
