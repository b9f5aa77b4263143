package io.granary.batch.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.granary.tablestore.HiveJdbcSession;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.testing.LocalWarehouse;
import io.granary.warehouse.error.GranaryException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beside a session over Hive JDBC on the same warehouse: the two must not be told apart. */
class SparkSqlSessionTest {
    private final LocalWarehouse warehouse = LocalWarehouse.shared();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true AS b, CAST(NULL AS BOOLEAN) AS n",
                "1Y AS tiny, 2S AS small, 3 AS i, 4L AS big",
                "CAST(1.1 AS FLOAT) AS f, 1.1D AS d, CAST('NaN' AS DOUBLE) AS nan",
                "CAST('1.10' AS DECIMAL(12,2)) AS d, CAST('123456789012345678901234567890.12345678'"
                        + " AS DECIMAL(38,8)) AS wide, CAST(100 AS DECIMAL(10,0)) AS whole",
                "'' AS empty, 'ä |\n' AS text, CAST(NULL AS STRING) AS n",
                "TIMESTAMP'2026-11-01 00:00:00.123456Z' AS at, TIMESTAMP'2026-03-29 02:30:00Z' AS gap,"
                        + " TIMESTAMP_NTZ'2026-11-01 00:00:00' AS ntz, CAST(NULL AS TIMESTAMP) AS n",
                "DATE'2026-11-01' AS day, DATE'1582-10-15' AS old",
                "X'00FF41' AS bytes, CAST('' AS BINARY) AS none",
                "array(1, 2) AS a, map('k', 1.5) AS m, named_struct('x', 1, 'at', TIMESTAMP'2026-11-01 00:00:00Z') AS s,"
                        + " array(X'41') AS bytes",
                "current_timezone() AS zone"
            })
    void valuesAreThoseOfTheDriver(String columns) {
        String sql = "SELECT " + columns;
        try (SqlSession jdbc = HiveJdbcSession.open(warehouse.profile());
                SqlSession here = SparkSqlSession.open(warehouse.spark())) {
            SqlSession.Rows expected = jdbc.query(sql);
            SqlSession.Rows rows = here.query(sql);
            assertThat(rows.columns()).isEqualTo(expected.columns());
            assertThat(rows.rows().get(0).toArray())
                    .isEqualTo(expected.rows().get(0).toArray());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT *\nFROM nowhere.t",
                "SELEC 1",
                "SELECT nothing FROM range(1)",
                "SELECT raise_error('sorry') FROM range(3)",
                "SELECT assert_true(id < 2, 'too big') FROM range(3)",
                "SELECT CAST('x' AS DATE) + no_such_function(1)",
                "INSERT INTO nowhere.t SELECT 1",
                "CREATE TABLE default.broken (a NOTYPE)"
            })
    void errorsAreThoseOfTheDriver(String sql) {
        try (SqlSession jdbc = HiveJdbcSession.open(warehouse.profile());
                SqlSession here = SparkSqlSession.open(warehouse.spark())) {
            GranaryException expected = catchThrowableOfType(GranaryException.class, () -> jdbc.query(sql));
            GranaryException error = catchThrowableOfType(GranaryException.class, () -> here.query(sql));
            assertThat(error.code()).isEqualTo(expected.code());
            assertThat(place(error)).isEqualTo(place(expected));
            assertThat(here.query("SELECT 1").rows()).containsExactly(List.of(1));
        }
    }

    /** Without the line that says where it ran; stages are numbered through. */
    private static String place(GranaryException e) {
        return e.getMessage()
                .replaceAll("\n(server|application): .*", "")
                .replaceAll("(stage|TID|task|Task) [0-9.]+", "$1 N")
                .replaceAll("\\(TID.*?\\)", "");
    }

    @Test
    void eachHasViewsAndSettingsOfItsOwn() {
        try (SqlSession one = SparkSqlSession.open(warehouse.spark());
                SqlSession other = SparkSqlSession.open(warehouse.spark())) {
            one.execute("CREATE TEMPORARY VIEW mine AS SELECT 7 AS x");
            one.execute("SET granary.mine=1");
            assertThat(one.query("SELECT x FROM mine").single()).isEqualTo(7);
            assertThatThrownBy(() -> other.query("SELECT x FROM mine")).hasMessageContaining("TABLE_OR_VIEW_NOT_FOUND");
            assertThat(other.query("SET granary.mine").rows().get(0).get(1)).isEqualTo("<undefined>");
        }
    }

    @Test
    void aRunningStatementIsCancelled() throws Exception {
        try (SqlSession session = SparkSqlSession.open(warehouse.spark())) {
            session.cancel();
            CompletableFuture<Void> statement = CompletableFuture.runAsync(() -> session.query(
                    "SELECT count(*) FROM range(0, 100000000000, 1, 2) WHERE pmod(xxhash64(id), 1000003) = 7"));
            while (warehouse.spark().sparkContext().statusTracker().getActiveJobIds().length == 0) {
                Thread.sleep(20);
            }
            session.cancel();
            assertThatThrownBy(() -> statement.get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(GranaryException.class)
                    .hasMessageContaining("cancelled")
                    .hasMessageContaining("statement: SELECT count(*)");
            assertThat(session.query("SELECT 1").rows()).hasSize(1);
        }
    }
}
