package io.granary.batch.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.warehouse.manifest.DayRange;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser$;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelReadsTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "t.ds = :ds | 0 | 0",
                ":ds = ds | 0 | 0",
                "ds = date_sub(:ds, 1) | -1 | -1",
                "ds = CAST(date_sub(CAST(:ds AS DATE), 1) AS STRING) | -1 | -1",
                "ds = date_format(date_add(:ds, 2), 'yyyy-MM-dd') | 2 | 2",
                "ds = CAST(CAST(:ds AS DATE) - INTERVAL 3 DAYS AS STRING) | -3 | -3",
                "ds BETWEEN date_sub(:ds, 6) AND :ds | -6 | 0",
                "ds > date_sub(:ds, 7) AND ds <= :ds | -6 | 0",
                ":ds >= ds AND date_sub(:ds, 7) < ds | -6 | 0",
                "ds < :ds | - | -1",
                "ds <= :ds | - | 0",
                "ds IN (:ds, date_sub(:ds, 7)) | -7 | 0",
                "ds = :ds AND x > 1 | 0 | 0",
                "ds = :ds OR x > 1 | - | -",
                "ds = substr(:ds, 1, 10) | - | -",
                "other.ds = :ds | - | -",
                "x = 1 | - | -",
            })
    void daysByPredicate(String where, Integer from, Integer to) {
        assertThat(range("SELECT x FROM a.t WHERE " + where, "a.t")).isEqualTo(new DayRange(from, to, false));
    }

    @Test
    void everyPlaceATableIsReadCounts() {
        String sql = "WITH now AS (SELECT x FROM a.t WHERE ds = :ds),"
                + " before AS (SELECT x FROM a.t AS old WHERE old.ds = date_sub(:ds, 1))"
                + " SELECT n.x FROM now AS n LEFT JOIN before AS b ON n.x = b.x"
                + " JOIN a.u AS u ON u.x = n.x AND u.ds = :ds"
                + " LEFT JOIN a.v AS v ON v.ds = :ds"
                + " WHERE EXISTS (SELECT 1 FROM a.w WHERE w.ds = date_sub(:ds, 2))";
        assertThat(range(sql, "a.t")).isEqualTo(new DayRange(-1, 0, false));
        assertThat(range(sql, "a.u")).isEqualTo(new DayRange(0, 0, false));
        assertThat(range(sql, "a.v")).isEqualTo(new DayRange(0, 0, false));
        assertThat(range(sql, "a.w")).isEqualTo(new DayRange(-2, -2, false));
    }

    @Test
    void anOuterJoinDoesNotBoundTheSideItKeeps() {
        assertThat(range("SELECT 1 FROM a.t LEFT JOIN a.u ON t.ds = :ds", "a.t"))
                .isEqualTo(DayRange.ALL);
    }

    @Test
    void aConditionOnARenamedColumnIsNoConditionOnTheTable() {
        assertThat(range("SELECT ds FROM (SELECT x AS ds FROM a.t) AS t WHERE ds = :ds", "a.t"))
                .isEqualTo(DayRange.ALL);
    }

    @Test
    void anHour() {
        assertThat(range("SELECT x FROM a.t WHERE ds = :ds AND hh = :hh", "a.t"))
                .isEqualTo(new DayRange(0, 0, true));
    }

    private static DayRange range(String sql, String table) {
        return ModelReads.of(CatalystSqlParser$.MODULE$.parsePlan(sql)).get(table);
    }
}
