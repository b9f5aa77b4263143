package io.granary.ingestion.sync.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.ingestion.sync.JobRun;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A day takes the place of a table that somebody reads for long, while others look at it all the time. */
class LongReadTest {
    private static final String DS = "2026-11-01";
    private static final String NEXT = "2026-11-02";
    private static final String OLD = "3000 3000 1 1 " + DS + " " + DS;
    private static final String NEW = "4000 8000 2 2 " + NEXT + " " + NEXT;
    private static final int ROWS = 3000;

    @TempDir
    Path home;

    @ParameterizedTest
    @EnumSource
    void theReadIsOfOneVersionAndTheExportComesAfterItOrSaysWhyNot(Share.Kind kind) throws Exception {
        Share share = Share.of(kind);
        Exported visits = share.exported(home, "table");
        visits.build(DS, Exported.run(1), ROWS, 1);
        visits.export(DS, false, Long.MAX_VALUE);
        visits.build(NEXT, Exported.run(2), 4000, 2);
        Collection<String> seen = share.seen(() -> {
            try (Connection reader = share.connect();
                    Statement statement = reader.createStatement()) {
                reader.setAutoCommit(false);
                statement.setFetchSize(1);
                ResultSet rows = statement.executeQuery("SELECT hits FROM visits");
                assertThat(read(rows, ROWS / 2)).isEqualTo(ROWS / 2);

                refused(share, visits);
                CompletableFuture<JobRun.Outcome> export = CompletableFuture.supplyAsync(
                        () -> visits.export(NEXT, false, new TableExport.Bounds(1, 1, 20)));
                awaitLockWait(share, export, true);
                awaitLockWait(share, export, false);
                assertThat(read(rows, ROWS)).isEqualTo(ROWS - ROWS / 2);
                rows.close();
                reader.commit();
                assertThat(export.get(30, TimeUnit.SECONDS).rows()).isEqualTo(4000);
            }
        });
        assertThat(seen).isSubsetOf(OLD, NEW).contains(OLD);
        assertThat(share.rows(Share.ALL)).containsExactly(NEW);
        assertThat(share.shadows()).isEmpty();
    }

    private static void refused(Share share, Exported visits) throws Exception {
        assertThatThrownBy(() -> visits.export(NEXT, false, new TableExport.Bounds(1, 1, 1)))
                .isInstanceOfSatisfying(
                        GranaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BUSY))
                .hasMessageContaining("export export.ads.visits: table visits of connection share (granary@127.0.0.1:")
                .hasMessageContaining("longer than 1 s in each of 1 tries")
                .hasMessageContaining("Readers still have what they had")
                .hasMessageContaining("then export again");
        assertThat(share.shadows()).isEmpty();
        assertThat(share.rows("SELECT ds, version FROM granary_exports")).containsExactly(DS + " " + Exported.run(1));
    }

    /** So many rows, all of the old version; returns how many there were. */
    private static int read(ResultSet rows, int most) throws SQLException {
        int count = 0;
        while (count < most && rows.next()) {
            assertThat(rows.getInt(1)).isEqualTo(1);
            count++;
        }
        return count;
    }

    /** Until the export waits for the table, or gives way for a moment. */
    private static void awaitLockWait(Share share, CompletableFuture<?> export, boolean waits) throws Exception {
        String sql = share.kind() == Share.Kind.MARIADB
                ? "SELECT 1 FROM information_schema.processlist WHERE info LIKE 'RENAME TABLE%' AND db = '"
                        + share.database() + "'"
                : "SELECT 1 FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'";
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (share.rows(sql).isEmpty() == waits) {
            assertThat(export).isNotDone();
            assertThat(System.nanoTime()).isLessThan(until);
            Thread.sleep(5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTransactionThatIsOlderThanTheExport(Share.Kind kind) throws Exception {
        Share share = Share.of(kind);
        Exported visits = share.exported(home, "table");
        visits.build(DS, Exported.run(1), 10, 1);
        visits.export(DS, false, Long.MAX_VALUE);
        visits.build(NEXT, Exported.run(2), 20, 2);
        try (Connection reader = share.connect();
                Statement statement = reader.createStatement()) {
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            reader.setAutoCommit(false);
            // it sees the database as of now, and has not read the table yet
            statement.execute(
                    kind == Share.Kind.MARIADB
                            ? "START TRANSACTION WITH CONSISTENT SNAPSHOT"
                            : "SELECT txid_current()");
            visits.export(NEXT, false, Long.MAX_VALUE);
            if (kind == Share.Kind.MARIADB) {
                assertThatThrownBy(() -> Share.rows(reader, Share.ALL)).hasMessageContaining("definition has changed");
            } else {
                assertThat(Share.rows(reader, "SELECT count(*) FROM visits")).isEqualTo(List.of("0"));
            }
            reader.rollback();
            assertThat(Share.rows(reader, "SELECT count(*) FROM visits")).containsExactly("20");
        }
    }
}
