package io.granary.ingestion.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.tablestore.HiveJdbcSession;
import io.granary.tablestore.SqlSession;
import io.granary.tablestore.testing.LocalWarehouse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The question put to a real Thrift Server, over tables of the columns that docs/contracts.md gives them. */
class AccountTest {
    @Test
    void linesOfAFileAddUp() {
        try (SqlSession sql = HiveJdbcSession.open(LocalWarehouse.shared().profile())) {
            sql.execute("CREATE DATABASE IF NOT EXISTS ods");
            sql.execute("CREATE TABLE ods.granary_log_account (region STRING, site STRING, host STRING, file STRING,"
                    + " hh STRING, seal_id STRING, read_lines BIGINT, loaded BIGINT, duplicate BIGINT,"
                    + " quarantined BIGINT, lost BIGINT, source STRING, dt STRING) STORED AS ORC");
            sql.execute("CREATE TABLE ods.granary_quarantine (host STRING, site STRING, file STRING,"
                    + " line_number BIGINT, reason STRING, source STRING, replayed_by STRING) STORED AS ORC");
            sql.execute("CREATE TABLE ods.ods_t_hi (host STRING, site STRING, file STRING, ds STRING) STORED AS ORC");
            sql.execute("INSERT INTO ods.granary_log_account VALUES"
                    + " ('r', 's', 'inbox', 'f1', '00', 'x', 6, 4, 1, 1, 0, 't.a', 'd'),"
                    + " ('r', 's', 'inbox', 'f1', '01', 'y', 3, 2, 0, 0, 1, 't.a', 'd'),"
                    + " ('r', 's', 'inbox', 'f1', '01', 'y', 9, 9, 0, 0, 0, 't.other', 'd'),"
                    + " ('r', 's', 'inbox', 'f2', '01', 'y', 9, 9, 0, 0, 0, 't.a', 'd')");
            sql.execute("INSERT INTO ods.granary_quarantine VALUES"
                    + " ('inbox', 's', 'f1', 8, 'no \"quote\", at the end', 't.a', NULL),"
                    + " ('inbox', 's', 'f1', 7, 'was mended', 't.a', 'x'), ('web1', 's', 'f1', 9, 'x', 't.a', NULL)");
            sql.execute("INSERT INTO ods.ods_t_hi VALUES ('inbox', 's', 'f1', '2015-05-17'),"
                    + " ('inbox', 's', 'f1', '2015-05-17'), ('inbox', 's', 'f1', '2015-05-18'),"
                    + " ('web1', 's', 'f1', '2015-05-19')");

            Account account = Account.parse(csv(sql.query(Account.sql("t.a", "ods.ods_t_hi", List.of("f1")))));

            assertThat(account.sealed()).containsExactly(new Account.Sealed("f1", "s", 6, 1, 1, 1));
            assertThat(account.of("f1").settled()).isEqualTo(8);
            assertThat(account.of("unknown").settled()).isZero();
            assertThat(account.rowsByDay()).isEqualTo(Map.of("2015-05-17", 2L, "2015-05-18", 1L));
            assertThat(account.quarantined())
                    .containsExactly(new Account.Quarantined("f1", 8, "no \"quote\", at the end"));
        }
    }

    /** As `granary sql --output csv` prints it. */
    private static List<String> csv(SqlSession.Rows rows) {
        return rows.rows().stream()
                .map(row -> String.join(
                        ",",
                        row.stream()
                                .map(cell -> cell.equals("") ? "\"\"" : cell.toString())
                                .toList()))
                .toList();
    }
}
