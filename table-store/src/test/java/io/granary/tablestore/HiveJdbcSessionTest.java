package io.granary.tablestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.warehouse.error.ErrorCode;
import io.granary.warehouse.error.GranaryException;
import java.math.BigDecimal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HiveJdbcSessionTest {
    private final LocalWarehouse warehouse = LocalWarehouse.shared();

    @Test
    void queriesInUtcWithExactValues() {
        try (HiveJdbcSession session = HiveJdbcSession.open(warehouse.profile())) {
            SqlSession.Rows rows = session.query(
                    "SELECT CAST(TIMESTAMP'2026-11-01 00:00:00Z' AS STRING) AS at, CAST('1.10' AS DECIMAL(12,2)) AS d,"
                            + " CAST(NULL AS STRING) AS n, '' AS e, current_timezone() AS zone");
            assertThat(rows.columns()).containsExactly("at", "d", "n", "e", "zone");
            assertThat(rows.rows().get(0))
                    .containsExactly("2026-11-01 00:00:00", new BigDecimal("1.10"), null, "", "UTC");
            assertThat(session.query("SELECT count(*) FROM range(7)").single()).isEqualTo(7);
        }
    }

    @Test
    void errorsAreTheEnginesOwnWordsWithTheStatement() {
        try (HiveJdbcSession session = HiveJdbcSession.open(warehouse.profile())) {
            assertThatThrownBy(() -> session.query("SELECT *\nFROM nowhere.t"))
                    .isInstanceOf(GranaryException.class)
                    .satisfies(e -> assertThat(((GranaryException) e).code()).isEqualTo(ErrorCode.DEFINITION))
                    .hasMessageStartingWith("[TABLE_OR_VIEW_NOT_FOUND] there is no table nowhere.t")
                    .hasMessageContaining("statement: SELECT *\nFROM nowhere.t")
                    .hasMessageNotContaining("\tat ")
                    .hasMessageNotContaining("Exception");
            assertThatThrownBy(() -> session.execute("SELEC 1"))
                    .hasMessageStartingWith("[PARSE_SYNTAX_ERROR]")
                    .hasMessageNotContaining("Exception");
            assertThatThrownBy(() -> session.query("SELECT raise_error('sorry') FROM range(3)"))
                    .hasMessageContaining("sorry")
                    .hasMessageNotContaining("\tat ");
            // and the session still works
            assertThat(session.query("SELECT 1").rows()).hasSize(1);
        }
    }

    @Test
    void aServerThatIsNotThereIsSaidSo() {
        assertThatThrownBy(() -> HiveJdbcSession.open("jdbc:hive2://127.0.0.1:1/"))
                .isInstanceOf(GranaryException.class)
                .hasMessageStartingWith("cannot open a SQL session at jdbc:hive2://127.0.0.1:1/")
                .hasMessageContaining("Connection refused");
    }

    @Test
    void aRunningStatementIsCancelled() throws Exception {
        try (HiveJdbcSession session = HiveJdbcSession.open(warehouse.profile())) {
            CompletableFuture<Void> statement = CompletableFuture.runAsync(() -> session.query(
                    "SELECT count(*) FROM range(0, 100000000000, 1, 2) WHERE pmod(xxhash64(id), 1000003) = 7"));
            while (warehouse.spark().sparkContext().statusTracker().getActiveJobIds().length == 0) {
                Thread.sleep(20);
            }
            session.cancel();
            assertThatThrownBy(() -> statement.get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(GranaryException.class)
                    .hasMessageContaining("statement: SELECT count(*)");
            session.cancel();
            assertThat(session.query("SELECT 1").rows()).hasSize(1);
        }
    }
}
