package io.granary.ingestion.sync.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.ingestion.sync.JobRun;
import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.warehouse.error.GranaryException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database crashes while an export into it waits for a lock, and comes back. */
class ExportRestartTest {
    private static final String DS = "2026-11-01";
    private static final String DAYS = " " + DS + " " + DS;

    @TempDir
    static Path folder;

    private static MariaDbServer server;

    @BeforeAll
    static void start() throws Exception {
        server = MariaDbServer.start(folder);
        server.execute("share", "SET GLOBAL innodb_flush_log_at_trx_commit = 1");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void inTheTransactionOfASmallDay() throws Exception {
        crashed("share", "partition", "SELECT * FROM visits FOR UPDATE", "DELETE FROM ");
    }

    @Test
    void beforeATableTakesAnothersPlace() throws Exception {
        crashed("shop", "table", "SELECT * FROM visits", "RENAME TABLE ");
    }

    /**
     * Crashes the server during an export.
     *
     * @param holding takes the lock that the export's statement waits for, which begins with {@code waiting}
     */
    private void crashed(String database, String mode, String holding, String waiting) throws Exception {
        Share share = new Share(Share.Kind.MARIADB, server.port(), database);
        Exported visits = share.exported(folder.resolve(mode), mode);
        visits.build(DS, Exported.run(1), 10, 1);
        visits.export(DS, false, Long.MAX_VALUE);
        visits.build(DS, Exported.run(2), 20, 2);
        try (Connection other = share.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.executeQuery(holding);
            CompletableFuture<JobRun.Outcome> export =
                    CompletableFuture.supplyAsync(() -> visits.export(DS, false, Long.MAX_VALUE));
            awaitStatement(share, waiting, export);
            server.crash();
            assertThatThrownBy(() -> export.get(30, TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(GranaryException.class)
                    .hasMessageContaining("connection share (granary@127.0.0.1:" + server.port())
                    .hasMessageContaining(waiting)
                    .hasMessageContaining("visits")
                    .hasMessageContaining("The connection is lost")
                    .hasMessageContaining("then run this again");
        }
        server.startAgain();
        server.execute(database, "SET GLOBAL innodb_flush_log_at_trx_commit = 1");
        assertThat(share.rows(Share.ALL)).containsExactly("10 10 1 1" + DAYS);
        assertThat(share.rows("SELECT version FROM granary_exports")).containsExactly(Exported.run(1));
        assertThat(visits.export(DS, false, Long.MAX_VALUE).rows()).isEqualTo(20);
        assertThat(share.rows(Share.ALL)).containsExactly("20 40 2 2" + DAYS);
        assertThat(share.shadows()).isEmpty();
    }

    private static void awaitStatement(Share share, String begin, CompletableFuture<?> export) throws Exception {
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (share.rows("SELECT 1 FROM information_schema.processlist WHERE info LIKE '" + begin
                        + "%' AND time_ms > 100")
                .isEmpty()) {
            assertThat(export).isNotDone();
            assertThat(System.nanoTime()).isLessThan(until);
            Thread.sleep(20);
        }
    }
}
