package io.granary.ingestion.sync.orc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.ingestion.sync.jdbc.Database;
import io.granary.ingestion.sync.jdbc.MariaDbServer;
import io.granary.ingestion.sync.jdbc.PostgresServer;
import io.granary.ingestion.sync.jdbc.ZeroDates;
import io.granary.ingestion.sync.row.DirtyRow;
import io.granary.ingestion.sync.row.RowBatches;
import io.granary.warehouse.config.Connection;
import io.granary.warehouse.error.GranaryException;
import java.util.List;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.TypeDescription;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Values and types that no column of the warehouse can hold. */
class RefusedTypesTest {
    private static Connection mariadb;
    private static Connection postgresql;

    @BeforeAll
    static void start() throws Exception {
        MariaDbServer.shared().database("refused_types");
        PostgresServer.shared().database("refused_types");
        mariadb = MariaDbServer.shared().connection("refused_types");
        postgresql = PostgresServer.shared().connection("refused_types");
    }

    @Test
    void whatNoColumnCanHoldIsRefusedByNameOrMadeNullWhereTheRuleSaysSo() throws Exception {
        try (Database database = Database.open(mariadb)) {
            database.execute("SET sql_mode = ''");
            database.execute("CREATE TABLE zero (n INT PRIMARY KEY, d DATE, at DATETIME(3), api_token VARCHAR(9))");
            database.execute("INSERT INTO zero VALUES (7, '0000-00-00', '2026-00-00 12:00:00', 'tok')");
            assertThat(refusal(database, "zero", "date", "d", ZeroDates.FAIL))
                    .hasToString("DirtyRow[where=row 1 (n 7), column=d, values=n=7, d=0000-00-00,"
                            + " at=2026-00-00 12:00:00.000, api_token=***,"
                            + " reason='0000-00-00' cannot be kept as date: no calendar has this date]");
            assertThat(TableRows.read(database, "zero", ZeroDates.NULL).get(0)).containsExactly(7L, null, null, "tok");
            database.execute("CREATE TABLE eve (n INT PRIMARY KEY, at DATETIME(3))");
            database.execute("INSERT INTO eve VALUES (1, '1969-12-31 23:59:59.500')");
            assertThat(refusal(database, "eve", "timestamp", "at", ZeroDates.NULL)
                            .reason())
                    .contains("second before 1970");
        }
        try (Database database = Database.open(postgresql)) {
            for (String value : List.of(
                    "timestamp 'infinity'",
                    "timestamp '0044-03-15 BC'",
                    "numeric 'NaN'",
                    "numeric '1e30'",
                    "0.0000000000000000001::numeric",
                    "date '12026-01-01'")) {
                database.execute("CREATE TABLE odd AS SELECT 1 AS n, " + value + " AS v");
                String type = database.columns("odd").get(1).hiveType();
                assertThat(refusal(database, "odd", type, "v", ZeroDates.NULL).reason())
                        .as(value)
                        .contains("cannot be kept as " + type);
                database.execute("DROP TABLE odd");
            }
        }
    }

    @Test
    void aTypeThatCannotBeKeptIsRefusedWithAdvice() throws Exception {
        try (Database database = Database.open(mariadb)) {
            database.execute("CREATE TABLE wide (d DECIMAL(65,30))");
            assertThatThrownBy(() -> database.columns("wide"))
                    .isInstanceOf(GranaryException.class)
                    .hasMessageContaining("refused_types.wide.d is decimal(65,30); Hive holds 38 digits")
                    .hasMessageContaining("view");
            database.execute("CREATE TABLE place (p POINT)");
            assertThatThrownBy(() -> database.columns("place"))
                    .hasMessageContaining("refused_types.place.p has type 'point'");
        }
        try (Database database = Database.open(postgresql)) {
            database.execute("CREATE TABLE wide (d NUMERIC(60,30))");
            assertThatThrownBy(() -> database.columns("wide")).hasMessageContaining("wide.d is numeric(60,30)");
            database.execute("CREATE TABLE price (m MONEY)");
            assertThatThrownBy(() -> database.columns("price")).hasMessageContaining("price.m has type 'money'");
        }
    }

    private static DirtyRow refusal(Database database, String table, String type, String column, ZeroDates rule)
            throws Exception {
        TypeDescription schema = TableRows.schema(database.columns(table));
        assertThat(schema.findSubtype(column).toString()).isEqualTo(type);
        VectorizedRowBatch batch = RowBatches.of(schema, 100);
        DirtyRow row = TableRows.fill(database, table, schema, batch, rule);
        assertThat(batch.size).isZero();
        return row;
    }
}
