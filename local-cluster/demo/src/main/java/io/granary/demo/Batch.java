package io.granary.demo;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The day's numbers as the batch tables have them, read with {@code granary sql} in one query. */
final class Batch {
    private final Map<String, BigDecimal> numbers = new HashMap<>();
    private final Map<String, Map<Instant, Long>> minutes = new HashMap<>();

    private Batch() {}

    static Batch read(Launcher launcher, String site, LocalDate ds) {
        Batch batch = new Batch();
        String csv =
                launcher.quietly("sql", "-e", sql(site, ds), "--output", "csv").output();
        csv.lines().skip(1).forEach(batch::add);
        return batch;
    }

    BigDecimal number(String name) {
        return numbers.getOrDefault(name, BigDecimal.ZERO);
    }

    Map<Instant, Long> minutes(String name) {
        return minutes.getOrDefault(name, Map.of());
    }

    private void add(String line) {
        String[] cells = line.split(",", -1);
        if (cells[1].isEmpty()) {
            numbers.put(cells[0], cells[2].isEmpty() ? BigDecimal.ZERO : new BigDecimal(cells[2]));
        } else {
            minutes.computeIfAbsent(cells[0], name -> new TreeMap<>())
                    .put(Instant.parse(cells[1]), new BigDecimal(cells[2]).longValueExact());
        }
    }

    private static String sql(String site, LocalDate ds) {
        String day = "ds = '" + ds + "'";
        String ofSite = day + " AND site = '" + site + "'";
        return String.join(
                " UNION ALL ",
                number("hits", "sum(hits)", "ads.ads_traffic_site_overview", ofSite),
                number("bytes", "sum(bytes)", "ads.ads_traffic_site_overview", ofSite),
                number("page_views", "sum(page_views)", "ads.ads_traffic_site_overview", ofSite),
                number("visitors", "sum(visitors)", "ads.ads_traffic_site_overview", ofSite),
                number("impressions", "sum(impressions)", "ads.ads_ads_creative_effect", ofSite),
                number("clicks", "sum(clicks)", "ads.ads_ads_creative_effect", ofSite),
                number("orders", "sum(orders)", "ads.ads_trade_overview", day),
                number("paid_amount", "sum(paid_amount)", "ads.ads_trade_overview", day),
                number("order_changes", "count(*)", "dwd.dwd_trade_order_change_di", day),
                number("cost", "sum(cost)", "dws.dws_trade_margin_1d", day),
                number("month_target", "sum(month_target)", "dws.dws_trade_margin_1d", day),
                number("broken_lines", "count(*)", "ods.granary_quarantine", broken(site, ds)),
                minute("page_views", "count(*)", "dwd.dwd_traffic_hit_di", ofSite + " AND is_page_view"),
                minute(
                        "visitors",
                        "count(DISTINCT visitor_id)",
                        "dwd.dwd_traffic_hit_di",
                        ofSite + " AND is_page_view"),
                minute("impressions", "count(*)", "dwd.dwd_ads_impression_di", ofSite),
                minute("clicks", "count(*)", "dwd.dwd_ads_click_di", ofSite));
    }

    /** Broken lines have no readable time; they are told apart by the files the day was written to. */
    private static String broken(String site, LocalDate ds) {
        return "site = '" + site + "' AND source = 'traffic.access_log' AND file IN (SELECT file FROM"
                + " dwd.dwd_traffic_hit_di WHERE ds = '" + ds + "' AND site = '" + site + "')";
    }

    private static String number(String name, String value, String table, String where) {
        return "SELECT '" + name + "' AS name, CAST(NULL AS STRING) AS minute, CAST(" + value
                + " AS STRING) AS value FROM " + table + " WHERE " + where;
    }

    private static String minute(String name, String value, String table, String where) {
        return "SELECT '" + name
                + "' AS name, date_format(date_trunc('MINUTE', event_at), \"yyyy-MM-dd'T'HH:mm:ss'Z'\")"
                + " AS minute, CAST(" + value + " AS STRING) AS value FROM " + table + " WHERE " + where
                + " GROUP BY date_trunc('MINUTE', event_at)";
    }
}
