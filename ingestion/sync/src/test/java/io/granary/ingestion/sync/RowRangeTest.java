package io.granary.ingestion.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.ingestion.sync.jdbc.DatabaseColumn;
import io.granary.ingestion.sync.jdbc.Dialect;
import io.granary.warehouse.config.DatabaseType;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class RowRangeTest {
    private static final LocalDate DS = LocalDate.parse("2026-11-01");
    private static final Dialect MARIADB = Dialect.of(DatabaseType.MARIADB);

    @Test
    void aDateTimeShowsTheWallClockOfTheSourcesZone() {
        assertThat(condition("timestamp", "datetime", "10m", "Asia/Shanghai", "deleted = 0 OR id < 0"))
                .isEqualTo("(deleted = 0 OR id < 0) AND `at` >= TIMESTAMP '2026-10-31 23:50:00'"
                        + " AND `at` < TIMESTAMP '2026-11-02 00:00:00'");
    }

    @Test
    void aTimestampIsAnInstantAndDaysAreThoseOfTheZone() {
        assertThat(condition("timestamp", "timestamp(6)", null, "Asia/Shanghai", null))
                .isEqualTo("`at` >= TIMESTAMP '2026-10-31 16:00:00' AND `at` < TIMESTAMP '2026-11-01 16:00:00'");
        // the day on which clocks go back has 25 hours
        assertThat(condition("timestamp", "timestamp", "1h", "America/New_York", null))
                .isEqualTo("`at` >= TIMESTAMP '2026-11-01 03:00:00' AND `at` < TIMESTAMP '2026-11-02 05:00:00'");
    }

    @Test
    void aDateHasWholeDays() {
        assertThat(condition("date", "date", "10m", "UTC", null))
                .isEqualTo("`at` >= DATE '2026-10-31' AND `at` < DATE '2026-11-02'");
        assertThat(condition("date", "date", null, "UTC", null))
                .isEqualTo("`at` >= DATE '2026-11-01' AND `at` < DATE '2026-11-02'");
    }

    @Test
    void timesAreWrittenAsTheDatabaseReadsThem() {
        RowRange range = new RowRange(RowRange.Kind.WATERMARK, "at", "2026-11-01 00:00:00", "2026-11-02 00:00:00");
        assertThat(range.condition(Dialect.of(DatabaseType.SQLSERVER), null))
                .isEqualTo("[at] >= N'2026-11-01T00:00:00' AND [at] < N'2026-11-02T00:00:00'");
        assertThat(range.condition(Dialect.of(DatabaseType.ORACLE), null))
                .isEqualTo("\"at\" >= TIMESTAMP '2026-11-01 00:00:00' AND \"at\" < TIMESTAMP '2026-11-02 00:00:00'");
    }

    @Test
    void otherTypesAreRefused() {
        assertThatThrownBy(() -> condition("bigint", "bigint(20)", null, "UTC", null))
                .hasMessageContaining("watermark at is bigint(20); it must be a date-time or a date");
    }

    @Test
    void aKeyRangeIsOpenBelowAndClosedAbove() {
        assertThat(RowRange.ofKey("id", null, "7").condition(MARIADB, null)).isEqualTo("`id` <= 7");
        assertThat(RowRange.ofKey("id", "7", "12").condition(MARIADB, null)).isEqualTo("`id` > 7 AND `id` <= 12");
        assertThat(RowRange.ALL.condition(MARIADB, null)).isNull();
    }

    private static String condition(String type, String sourceType, String overlap, String zone, String where) {
        DatabaseColumn column = new DatabaseColumn("at", type, "", sourceType, true, 0);
        return RowRange.ofDay("s", column, DatabaseType.MARIADB, overlap, DS, ZoneId.of(zone))
                .condition(MARIADB, where);
    }
}
