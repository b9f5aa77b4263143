package io.granary.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ReportColumn;
import io.granary.warehouse.manifest.ReportNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportSqlTest {
    private static final ReportSql SQL = new ReportSql("`");

    @Test
    void readsTheColumnsOfADayInAFixedOrder() {
        assertThat(SQL.rows(report("ads_overview", "site", "page_views"), List.of("site")))
                .isEqualTo("SELECT `site`, `page_views` FROM `ads_overview` WHERE `ds` = ? ORDER BY `site` LIMIT ?");
        assertThat(SQL.rows(report("ads_overview", "order"), List.of()))
                .isEqualTo("SELECT `order` FROM `ads_overview` WHERE `ds` = ? LIMIT ?");
    }

    @Test
    void listsTheDays() {
        assertThat(SQL.days(report("ads_overview", "site")))
                .isEqualTo("SELECT DISTINCT `ds` FROM `ads_overview` ORDER BY `ds` DESC LIMIT ?");
    }

    @Test
    void refusesIdentifiersThatAreNone() {
        for (String bad : List.of("a`; DROP TABLE x; --", "a b", "", "1a", "share.t", "a".repeat(65), "ä")) {
            assertThatThrownBy(() -> SQL.days(report(bad, "site")))
                    .as(bad)
                    .isInstanceOf(GranaryException.class)
                    .hasMessageContaining("no name of a table or column");
            assertThatThrownBy(() -> SQL.rows(report("t", bad), List.of())).isInstanceOf(GranaryException.class);
            assertThatThrownBy(() -> SQL.rows(report("t", "site"), List.of(bad)))
                    .isInstanceOf(GranaryException.class);
        }
    }

    private static ReportNode report(String table, String... columns) {
        return new ReportNode(
                "report.traffic.overview",
                "traffic",
                "overview",
                "Overview",
                "",
                "ads.t",
                "share",
                table,
                List.of(columns).stream().map(c -> new ReportColumn(c, c)).toList());
    }
}
