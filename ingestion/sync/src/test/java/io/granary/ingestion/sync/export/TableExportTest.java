package io.granary.ingestion.sync.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.ingestion.sync.JobRun;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Exports into real databases, watched by readers that look all the time. */
class TableExportTest {
    private static final String DS = "2026-11-01";
    private static final String NEXT = "2026-11-02";
    private static final String ALL = Share.ALL;
    private static final long NEVER = Long.MAX_VALUE;

    @TempDir
    Path home;

    @ParameterizedTest
    @EnumSource
    void aVersionIsExportedOnceAndAnOlderOneNever(Share.Kind kind) throws Exception {
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
    void aLargeDayIsReplacedAtOnce(Share.Kind kind) throws Exception {
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
    void aTableIsReplacedAtOnceAndKeepsIndexesAndRights(Share.Kind kind) throws Exception {
        Share share = Share.of(kind);
        Exported visits = share.exported(home, "table");
        visits.build(DS, Exported.run(1), 3000, 1);
        visits.export(DS, false, NEVER);
        String reader = "reader_" + share.database();
        share.execute("CREATE INDEX by_hits ON visits (hits)");
        if (kind == Share.Kind.MARIADB) {
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
        if (kind == Share.Kind.MARIADB) {
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
    void aRunThatIsKilledChangesNothingAndTheNextCleansUp(Share.Kind kind) throws Exception {
        String mode = kind == Share.Kind.MARIADB ? "table" : "partition";
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
        command.addAll(List.of(home.toString(), share.type()));
        command.addAll(List.of(Integer.toString(share.port()), share.database(), mode, DS, Exported.run(2)));
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
    void aNewColumnIsAddedAndOtherDifferencesAreRefused(Share.Kind kind) throws Exception {
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
    void whatHangsOnATableKeepsItInPlace(Share.Kind kind) throws Exception {
        Share share = Share.of(kind);
        Exported visits = share.exported(home, "table");
        visits.build(DS, Exported.run(1), 10, 1);
        visits.export(DS, false, NEVER);
        if (kind == Share.Kind.MARIADB) {
            share.execute("CREATE TRIGGER watch BEFORE INSERT ON visits FOR EACH ROW SET @a = 1");
        } else {
            share.execute("CREATE VIEW watch AS SELECT hits FROM visits");
        }
        assertThatThrownBy(() -> visits.export(DS, true, NEVER))
                .hasMessageContaining(kind == Share.Kind.MARIADB ? "trigger watch" : "view watch")
                .hasMessageContaining("mode partition");
        assertThat(share.rows("SELECT count(*) FROM visits")).containsExactly("10");
        assertThat(share.shadows()).isEmpty();
    }
}
