package io.granary.batch.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.granary.warehouse.manifest.ColumnNode;
import io.granary.warehouse.manifest.Manifest;
import io.granary.warehouse.manifest.ModelNode;
import io.granary.warehouse.project.ProjectLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the reference warehouse's SQL, in the manifest's order, over a few rows of which every number is known. */
class ReferenceModelsTest {
    private static final String DS = "2026-11-01";

    @TempDir
    private static Path temp;

    private static SparkSession spark;
    private static final Manifest MANIFEST =
            ReferenceWarehouseTest.compile(ProjectLoader.load(ReferenceWarehouseTest.PROJECT));

    @BeforeAll
    static void build() {
        spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.shuffle.partitions", "1")
                .config("spark.sql.adaptive.enabled", "false")
                // A few rows are sooner interpreted than compiled.
                .config("spark.sql.codegen.wholeStage", "false")
                .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
                .config("spark.sql.sources.default", "orc")
                .config(
                        "spark.sql.warehouse.dir",
                        temp.resolve("warehouse").toUri().toString())
                .getOrCreate();
        Arrays.stream("ods dim dwd dws ads".split(" ")).forEach(db -> spark.sql("CREATE DATABASE " + db));
        accessLog();
        adEvents();
        shop();
        suppliersAndPlans();
        for (ModelNode model : MANIFEST.models()) {
            spark.sql(model.sql(), Map.of("ds", DS))
                    .selectExpr("*", "'" + DS + "' AS ds")
                    .write()
                    .saveAsTable(model.table());
        }
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static void accessLog() {
        String line = "('cn', '%s', 'web1', 'f', CAST(%d AS BIGINT), '%s', TIMESTAMP'2026-11-01 10:00:00', %s, %s,"
                + " 'HTTP/1.1', %d, CAST(100 AS BIGINT), CAST(NULL AS STRING), %s, CAST(NULL AS STRING), '%s')";
        List<String> rows = List.of(
                // page views: a page, its query, the same visitor again, another user agent, 304
                line.formatted("shop", 1, "10.0.0.1", "'GET'", "'/a?b=c.css'", 200, "'ua1'", DS),
                line.formatted("shop", 2, "10.0.0.1", "'GET'", "'/'", 304, "'ua1'", DS),
                line.formatted("shop", 3, "10.0.0.1", "'GET'", "'/x.html'", 200, "NULL", DS),
                line.formatted("shop", 4, "10.0.0.2", "'GET'", "'/css'", 200, "'ua1'", DS),
                // none: static files, another method, an error, a line without a request
                line.formatted("shop", 5, "10.0.0.3", "'GET'", "'/s.CSS?v=1'", 200, "'ua1'", DS),
                line.formatted("shop", 6, "10.0.0.1", "'GET'", "'/i.woff2'", 200, "'ua1'", DS),
                line.formatted("shop", 7, "10.0.0.1", "'POST'", "'/a'", 200, "'ua1'", DS),
                line.formatted("shop", 8, "10.0.0.1", "'GET'", "'/a'", 404, "'ua1'", DS),
                line.formatted("shop", 9, "10.0.0.4", "NULL", "NULL", 400, "NULL", DS),
                // another site and another day
                line.formatted("blog", 10, "10.0.0.1", "'GET'", "'/a'", 200, "'ua1'", DS),
                line.formatted("shop", 11, "10.0.0.9", "'GET'", "'/a'", 200, "'ua1'", "2026-11-02"));
        table(
                "ods.ods_traffic_access_log_hi",
                rows,
                "region, site, host, file, line_offset, client_ip, event_at, method, url, protocol, status, bytes,"
                        + " referrer, user_agent, user_name, ds");
    }

    private static void adEvents() {
        String line = "('cn', 'shop', 'web1', 'g', CAST(%d AS BIGINT), 'e%1$d', '%s', TIMESTAMP'2026-11-01 10:00:00',"
                + " 'c1', %s, 'p1', 'v1', %s, '10.0.0.1', 'ua1', '%s')";
        List<String> rows = List.of(
                line.formatted(1, "impression", "'cr1'", "'42'", DS),
                line.formatted(2, "impression", "'cr1'", "NULL", DS),
                line.formatted(3, "impression", "'cr1'", "NULL", DS),
                line.formatted(4, "click", "'cr1'", "'42'", DS),
                line.formatted(5, "click", "'cr2'", "NULL", DS),
                line.formatted(6, "impression", "NULL", "NULL", DS),
                line.formatted(7, "click", "'cr1'", "NULL", "2026-10-31"));
        table(
                "ods.ods_ads_ad_event_hi",
                rows,
                "region, site, host, file, line_offset, event_id, event_type, event_at, campaign_id, creative_id,"
                        + " position_id, visitor_id, user_id, client_ip, user_agent, ds");
    }

    private static void shop() {
        table(
                "ods.ods_trade_user_df",
                List.of("(CAST(1 AS BIGINT), 'Wang', 'Zhejiang', TIMESTAMP'2026-01-01 00:00:00', '" + DS + "')"),
                "user_id, user_name, province, registered_at, ds");
        table(
                "ods.ods_trade_product_df",
                List.of(
                        "(CAST(7 AS BIGINT), 'Tea', 'food', CAST(9.90 AS DECIMAL(12, 2)), '" + DS + "')",
                        "(CAST(7 AS BIGINT), 'Old tea', 'old', CAST(8.90 AS DECIMAL(12, 2)), '2026-10-31')"),
                "product_id, product_name, category, price, ds");
        String order = "(CAST(%d AS BIGINT), CAST(%d AS BIGINT), CAST(%d AS BIGINT), 2, CAST(%s AS DECIMAL(12, 2)),"
                + " '%s', TIMESTAMP'%s', CAST(NULL AS TIMESTAMP), '" + DS + "')";
        table(
                "ods.ods_trade_order_df",
                List.of(
                        order.formatted(1, 1, 7, "19.80", "paid", "2026-11-01 00:00:00"),
                        order.formatted(2, 1, 7, "0.20", "cancelled", "2026-11-01 12:00:00"),
                        // a user and a product that nobody knows
                        order.formatted(3, 99, 99, "5.05", "paid", "2026-11-01 23:59:59"),
                        order.formatted(4, 1, 7, "100.00", "paid", "2026-10-31 23:59:59")),
                "order_id, user_id, product_id, quantity, amount, status, ordered_at, paid_at, ds");
    }

    private static void suppliersAndPlans() {
        table(
                "ods.ods_trade_supplier_price_di",
                List.of("(CAST(7 AS BIGINT), CAST(6.10 AS DECIMAL(12, 2)), '" + DS + "')"),
                "product_id, price, ds");
        table(
                "ods.ods_trade_target_di",
                List.of("(DATE'2026-11-01', 'food', CAST(300 AS DECIMAL(18, 2)), '2026-10-30')"),
                "month, category, target, ds");
        table(
                "ods.ods_trade_order_change_hi",
                List.of("(CAST(1 AS BIGINT), CAST(1 AS BIGINT), CAST(NULL AS STRING), 'placed',"
                        + " TIMESTAMP'2026-11-01 00:00:00', '" + DS + "')"),
                "change_id, order_id, old_status, new_status, changed_at, ds");
    }

    private static void table(String name, List<String> rows, String columns) {
        spark.sql("SELECT * FROM VALUES " + String.join(", ", rows) + " AS t(" + columns + ")")
                .write()
                .saveAsTable(name);
    }

    @Test
    void everyModelYieldsItsDeclaredColumns() {
        for (ModelNode model : MANIFEST.models()) {
            List<String> declared = model.columns().stream()
                    .map(column -> column.name() + " " + column.type().replace(" ", ""))
                    .toList();
            List<String> yielded = Arrays.stream(
                            spark.table(model.table()).drop("ds").schema().fields())
                    .map(field -> field.name() + " " + field.dataType().sql().toLowerCase(java.util.Locale.ROOT))
                    .toList();
            assertThat(yielded).as(model.name()).isEqualTo(declared);
        }
    }

    @Test
    void everyModelKeepsItsUniqueColumns() {
        for (ModelNode model : MANIFEST.models()) {
            Dataset<Row> table = spark.table(model.table());
            assertThat(table.selectExpr(model.unique().toArray(String[]::new))
                            .distinct()
                            .count())
                    .as(model.name())
                    .isEqualTo(table.count())
                    .isPositive();
        }
    }

    @Test
    void everyColumnOfAnInputIsDeclaredByItsSource() {
        List<String> declared = MANIFEST.source("ads.ad_event").orElseThrow().columns().stream()
                .map(ColumnNode::name)
                .toList();
        assertThat(spark.table("ods.ods_ads_ad_event_hi")
                        .drop("region", "site", "host", "file", "line_offset", "ds")
                        .columns())
                .containsExactlyElementsOf(declared);
    }

    @Test
    void hitsKeepEveryLineOfTheDayAndTellPageViews() {
        assertThat(rows("SELECT line_offset FROM dwd.dwd_traffic_hit_di WHERE is_page_view ORDER BY 1"))
                .containsExactly("[1]", "[2]", "[3]", "[4]", "[10]");
        assertThat(rows("SELECT line_offset FROM dwd.dwd_traffic_hit_di WHERE NOT is_page_view ORDER BY 1"))
                .containsExactly("[5]", "[6]", "[7]", "[8]", "[9]");
        assertThat(rows("SELECT path FROM dwd.dwd_traffic_hit_di WHERE line_offset IN (1, 5) ORDER BY 1"))
                .containsExactly("[/a]", "[/s.CSS]");
        assertThat(rows("SELECT visitor_id = sha2('shop|10.0.0.1|ua1', 256) FROM dwd.dwd_traffic_hit_di"
                        + " WHERE line_offset = 1"))
                .containsExactly("[true]");
        assertThat(rows("SELECT visitor_id = sha2('shop|10.0.0.1|', 256) FROM dwd.dwd_traffic_hit_di"
                        + " WHERE line_offset = 3"))
                .containsExactly("[true]");
    }

    @Test
    void overviewsAddUp() {
        assertThat(rows("SELECT site, hits, page_views, visitors, client_ips, bytes"
                        + " FROM ads.ads_traffic_site_overview ORDER BY site"))
                .containsExactly("[blog,1,1,1,1,100]", "[shop,9,4,3,4,900]");
        assertThat(rows("SELECT creative_id, impressions, clicks, click_ratio FROM ads.ads_ads_creative_effect"
                        + " ORDER BY creative_id"))
                .containsExactly("[cr1,3,1,0.333333]", "[cr2,0,1,null]", "[unknown,1,0,0.000000]");
        assertThat(rows("SELECT category, orders, order_amount, paid_orders, paid_amount FROM ads.ads_trade_overview"
                        + " ORDER BY category"))
                .containsExactly("[food,2,20.00,1,19.80]", "[unknown,1,5.05,1,5.05]");
        assertThat(rows("SELECT category, cost, margin, month_target FROM dws.dws_trade_margin_1d ORDER BY category"))
                .containsExactly("[food,12.20,7.60,300.00]", "[unknown,0.00,5.05,null]");
        assertThat(rows("SELECT order_id, province, product_name FROM dwd.dwd_trade_order_di ORDER BY order_id"))
                .containsExactly("[1,Zhejiang,Tea]", "[2,Zhejiang,Tea]", "[3,null,null]");
    }

    private static List<String> rows(String sql) {
        return spark.sql(sql).collectAsList().stream().map(Row::toString).toList();
    }
}
