package io.granary.ingestion.sync.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.ingestion.sync.JobRun;
import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.ingestion.sync.jdbc.PostgresServer;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Exports into real databases, watched by readers that look all the time. */
class TableExportTest {
    private static final String DS = "2026-11-01";
    private static final String NEXT = "2026-11-02";
    private static final String ALL = "SELECT count(*), sum(hits), min(hits), max(hits), min(ds), max(ds) FROM visits";
    private static final long NEVER = Long.MAX_VALUE;
    private static final AtomicInteger DATABASES = new AtomicInteger();

    enum Kind {
        MARIADB,
        POSTGRESQL;

        int port() throws Exception {
            return this == MARIADB
                    ? MariaDbServer.shared().port()
                    : PostgresServer.shared().port();
        }

        Connection connect(String database) throws Exception {
            return this == MARIADB
                    ? MariaDbServer.shared().connect(database)
                    : PostgresServer.shared().connect(database);
        }
    }

    /** A database of its own. */
    private record Share(Kind kind, String database) {
        static Share of(Kind kind) throws Exception {
            String name = "exports_" + DATABASES.incrementAndGet();
            if (kind == Kind.MARIADB) {
                MariaDbServer.shared().database(name);
            } else {
                PostgresServer.shared().database(name);
            }
            return new Share(kind, name);
        }

        Exported exported(Path home, String mode) throws Exception {
            return new Exported(home, kind.name().toLowerCase(java.util.Locale.ROOT), kind.port(), database, mode);
        }

        void execute(String... statements) throws Exception {
            try (Connection connection = kind.connect(database);
                    Statement statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
            }
        }

        List<String> rows(String sql) throws Exception {
            try (Connection connection = kind.connect(database)) {
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
                try (Connection connection = kind.connect(database)) {
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

    private interface Work {
        void run() throws Exception;
    }

    @TempDir
    Path home;

    @ParameterizedTest
    @EnumSource
    void aVersionIsExportedOnceAndAnOlderOneNever(Kind kind) throws Exception {
        Share share = Share.of(kind);
        Exported visits = share.exported(home, "partition");
        visits.build(DS, Exported.run(1), 10, 1);
        assertThat(visits.export(DS, false, NEVER).rows()).isEqualTo(10);
        JobRun.Outcome again = visits.export(DS, false, NEVER);
        assertThat(again.rows()).isZero();
        assertThat(again.notes().get(0)).contains("already there: version " + Exported.run(1), "--force");

        visits.build(DS, Exported.run(3), 20, 3);
        assertThat(visits.export(DS, false, NEVER).rows()).isEqualTo(20);
        visits.build(DS, Exported.run(2), 15, 2);
        assertThatThrownBy(() -> visits.export(DS, false, NEVER))
                .hasMessageContaining("ds=" + DS + " of run " + Exported.run(3) + ", which is newer")
                .hasMessageContaining("--force");
        assertThat(share.rows(ALL)).containsExactly("20 60 3 3 " + DS + " " + DS);
        assertThat(visits.export(DS, true, NEVER).rows()).isEqualTo(15);
        assertThat(share.rows(ALL)).containsExactly("15 30 2 2 " + DS + " " + DS);
        assertThat(share.rows("SELECT export, ds, version, row_count FROM granary_exports"))
                .containsExactly("export.ads.visits " + DS + " " + Exported.run(2) + " 15");
        assertThat(share.rows("SELECT amount FROM visits WHERE visitor = 'visitor é 7'"))
                .containsExactly("7.10");
    }

    @ParameterizedTest
    @EnumSource
    void aLargeDayIsReplacedAtOnce(Kind kind) throws Exception {
        Share share = Share.of(kind);
        Exported visits = share.exported(home, "partition");
        visits.build(DS, Exported.run(1), 3000, 1);
        visits.export(DS, false, 1);
        visits.build(DS, Exported.run(2), 4000, 2);
        Collection<String> seen = share.seen(() -> visits.export(DS, false, 1));
        String days = " " + DS + " " + DS;
        assertThat(seen).isSubsetOf("3000 3000 1 1" + days, "4000 8000 2 2" + days);
        assertThat(share.rows(ALL)).containsExactly("4000 8000 2 2" + days);
        visits.build(NEXT, Exported.run(3), 5, 1);
        visits.export(NEXT, false, 1);
        assertThat(share.rows(ALL)).containsExactly("4005 8005 1 2 " + DS + " " + NEXT);
        assertThat(share.shadows()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aTableIsReplacedAtOnceAndKeepsIndexesAndRights(Kind kind) throws Exception {
        Share share = Share.of(kind);
        Exported visits = share.exported(home, "table");
        visits.build(DS, Exported.run(1), 3000, 1);
        visits.export(DS, false, NEVER);
        String reader = "reader_" + share.database();
        share.execute("CREATE INDEX by_hits ON visits (hits)");
        if (kind == Kind.MARIADB) {
            // the tests' user may grant nothing
            share.execute(
                    "CREATE USER " + reader,
                    "INSERT INTO mysql.tables_priv (host, db, user, table_name, table_priv) VALUES ('%', '"
                            + share.database() + "', '" + reader + "', 'visits', 'Select')",
                    "FLUSH PRIVILEGES");
        } else {
            share.execute("CREATE ROLE " + reader, "GRANT SELECT ON visits TO " + reader);
        }
        visits.build(NEXT, Exported.run(2), 4000, 2);
        Collection<String> seen = share.seen(() -> visits.export(NEXT, false, NEVER));
        assertThat(seen).isSubsetOf("3000 3000 1 1 " + DS + " " + DS, "4000 8000 2 2 " + NEXT + " " + NEXT);
        assertThat(share.rows(ALL)).containsExactly("4000 8000 2 2 " + NEXT + " " + NEXT);
        assertThat(share.shadows()).isEmpty();
        assertThat(share.rows("SELECT ds FROM granary_exports")).containsExactly(NEXT);
        if (kind == Kind.MARIADB) {
            assertThat(share.rows("SHOW INDEX FROM visits WHERE key_name = 'by_hits'"))
                    .hasSize(1);
            assertThat(share.rows("SHOW GRANTS FOR " + reader)).anyMatch(g -> g.contains("`visits`"));
        } else {
            assertThat(share.rows("SELECT indexdef FROM pg_indexes WHERE tablename = 'visits'"))
                    .anyMatch(i -> i.endsWith("(hits)"));
            assertThat(share.rows("SELECT has_table_privilege('" + reader + "', 'visits', 'SELECT')"))
                    .containsExactly("t");
        }
        visits.build(DS, Exported.run(3), 1, 1);
        assertThatThrownBy(() -> visits.export(DS, false, NEVER)).hasMessageContaining("ds=" + NEXT);
    }

    @ParameterizedTest
    @EnumSource
    void aRunThatIsKilledChangesNothingAndTheNextCleansUp(Kind kind) throws Exception {
        String mode = kind == Kind.MARIADB ? "table" : "partition";
        Share share = Share.of(kind);
        Exported visits = share.exported(home, mode);
        visits.build(DS, Exported.run(1), 3000, 1);
        visits.export(DS, false, NEVER);
        visits.build(DS, Exported.run(2), 20_000, 2);
        String days = " " + DS + " " + DS;
        Collection<String> seen = share.seen(() -> kill(share, mode));
        assertThat(seen).containsExactly("3000 3000 1 1" + days);
        assertThat(share.shadows()).hasSize(1);
        visits.export(DS, false, 1);
        assertThat(share.rows(ALL)).containsExactly("20000 40000 2 2" + days);
        assertThat(share.shadows()).isEmpty();
    }

    /** Starts an export in a JVM of its own and kills it when it loads. */
    private void kill(Share share, String mode) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElseThrow());
        command.add("-XX:TieredStopAtLevel=1");
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(a -> a.startsWith("--add-opens") || a.startsWith("--add-exports"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Exported.class.getName()));
        command.addAll(List.of(home.toString(), share.kind().name().toLowerCase(java.util.Locale.ROOT)));
        command.addAll(List.of(Integer.toString(share.kind().port()), share.database(), mode, DS, Exported.run(2)));
        Process child = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("child.log").toFile())
                .start();
        while (child.isAlive() && share.shadows().isEmpty()) {
            Thread.sleep(5);
        }
        assertThat(child.isAlive())
                .as(java.nio.file.Files.readString(home.resolve("child.log")))
                .isTrue();
        child.destroyForcibly().waitFor();
    }

    @ParameterizedTest
    @EnumSource
    void aNewColumnIsAddedAndOtherDifferencesAreRefused(Kind kind) throws Exception {
        Share share = Share.of(kind);
        Exported visits = share.exported(home, "partition");
        visits.build(DS, Exported.run(1), 10, 1);
        visits.export(DS, false, NEVER);
        visits.build(NEXT, Exported.run(2), 10, 1, "bytes");
        assertThat(visits.export(NEXT, false, 1).notes().get(0)).contains("new columns", "bytes bigint");
        assertThat(share.rows("SELECT count(*), count(bytes), sum(bytes) FROM visits"))
                .containsExactly("20 10 45");
        share.execute("ALTER TABLE visits DROP COLUMN hits", "ALTER TABLE visits ADD extra INT");
        assertThatThrownBy(() -> visits.export(NEXT, true, 1))
                .hasMessageContaining("extra is in the database only")
                .hasMessageContaining("hits bigint is not in the database");
        assertThat(share.rows("SELECT count(*) FROM visits")).containsExactly("20");
    }

    @ParameterizedTest
    @EnumSource
    void whatHangsOnATableKeepsItInPlace(Kind kind) throws Exception {
        Share share = Share.of(kind);
        Exported visits = share.exported(home, "table");
        visits.build(DS, Exported.run(1), 10, 1);
        visits.export(DS, false, NEVER);
        if (kind == Kind.MARIADB) {
            share.execute("CREATE TRIGGER watch BEFORE INSERT ON visits FOR EACH ROW SET @a = 1");
        } else {
            share.execute("CREATE VIEW watch AS SELECT hits FROM visits");
        }
        assertThatThrownBy(() -> visits.export(DS, true, NEVER))
                .hasMessageContaining(kind == Kind.MARIADB ? "trigger watch" : "view watch")
                .hasMessageContaining("mode partition");
        assertThat(share.rows("SELECT count(*) FROM visits")).containsExactly("10");
        assertThat(share.shadows()).isEmpty();
    }
}
