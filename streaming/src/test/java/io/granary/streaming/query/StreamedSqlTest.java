package io.granary.streaming.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.granary.warehouse.error.GranaryException;
import io.granary.warehouse.manifest.ModelNode;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamedSqlTest {
    private static String rewritten(String sql) {
        return StreamedSql.over(model(sql), "ods.ods_ads_click_hi", "stream", Map.of("dim.dim_ad_df", "ad"));
    }

    @Test
    void replacesTheTableAndTheDayAndLeavesTheRestAsItIs() {
        assertThat(
                        rewritten(
                                "SELECT h.a, ':ds ods.ods_ads_click_hi' AS b -- :ds\nFROM ods.ods_ads_click_hi AS h\nWHERE h.ds = :ds"))
                .isEqualTo("SELECT h.a, ':ds ods.ods_ads_click_hi' AS b -- :ds\nFROM stream AS h\nWHERE h.ds = ds");
    }

    @Test
    void reachesCommonTableExpressionsAndSubqueries() {
        assertThat(rewritten("WITH c AS (SELECT a, ds FROM ODS.`ods_ads_click_hi` c WHERE c.ds = :ds)"
                        + " SELECT a FROM c WHERE a IN (SELECT MAX(x.a) FROM ods.ods_ads_click_hi x WHERE x.ds = :DS)"))
                .isEqualTo("WITH c AS (SELECT a, ds FROM stream c WHERE c.ds = ds)"
                        + " SELECT a FROM c WHERE a IN (SELECT MAX(x.a) FROM stream x WHERE x.ds = ds)");
    }

    @Test
    void keepsTheTablesOwnNameForItsColumns() {
        assertThat(rewritten("SELECT ods_ads_click_hi.a FROM ods.ods_ads_click_hi WHERE ds = :ds"))
                .isEqualTo("SELECT ods_ads_click_hi.a FROM stream AS ods_ads_click_hi WHERE ds = ds");
    }

    @Test
    void joinsTheDayOfADimensionThatItsViewHas() {
        assertThat(rewritten("SELECT c.a, d.b FROM ods.ods_ads_click_hi AS c JOIN dim.dim_ad_df AS d"
                        + " ON c.id = d.id AND d.ds = :ds LEFT JOIN dim.dim_ad_df ON :ds = dim_ad_df.`ds`"
                        + " WHERE c.ds = :ds"))
                .isEqualTo("SELECT c.a, d.b FROM stream AS c JOIN ad AS d ON c.id = d.id AND TRUE"
                        + " LEFT JOIN ad AS dim_ad_df ON TRUE WHERE c.ds = ds");
    }

    @Test
    void refusesWhatIsNoModelOfThisStream() {
        assertThatThrownBy(() -> rewritten("SELECT a FROM ods.other WHERE ds = :ds"))
                .isInstanceOf(GranaryException.class)
                .hasMessage("m.sql: model dwd_m does not read ods.ods_ads_click_hi.");
        assertThatThrownBy(() -> rewritten("SELECT a FROM ods.ods_ads_click_hi WHERE ds >= :start"))
                .isInstanceOf(GranaryException.class)
                .hasMessageContaining("has the parameter :start");
        assertThatThrownBy(() -> rewritten("SELECT a\nFROM ods.ods_ads_click_hi WHERE ds = = :ds"))
                .isInstanceOf(GranaryException.class)
                .hasMessageStartingWith("m.sql:2:38  SQL does not parse: extraneous input");
    }

    private static ModelNode model(String sql) {
        return ModelNode.of("ads", "dwd", "dwd_m").file("m.sql").sql(sql).node();
    }
}
